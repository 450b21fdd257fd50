import type { Tslab } from "./tslabAdapter.js";
import type { Inspection } from "./types.js";
import type { TypeScript, ts } from "./typescript.js";

/** Explains what stands at the cursor or ends there, else the function whose arguments the cursor is in. */
export function inspect(tslab: Tslab, declarations: string, code: string, cursor: number): Inspection | undefined {
  const places = [cursor, cursor - 1, calleeEnd(tslab.typescript, code, cursor)];
  for (const place of places) {
    if (place === undefined || place < 0) continue;
    const info = tslab.converter.inspect(declarations, code, place) as ts.QuickInfo | undefined;
    if (info) return { text: described(info) };
  }
  return undefined;
}

/** A place in the name of the function that is called around the cursor, innermost call first. */
function calleeEnd(typescript: TypeScript, code: string, cursor: number): number | undefined {
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest, true);
  let found: number | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > cursor) return;
    const isCall = typescript.isCallExpression(node) || typescript.isNewExpression(node);
    const isOpen = code[node.end - 1] !== ")" && code.slice(node.end, cursor).trim() === "";
    if (isCall && node.expression.end < cursor && (isOpen || cursor < node.end)) found = node.expression.end - 1;
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function described({ displayParts, documentation, tags }: ts.QuickInfo): string {
  const text = (parts: readonly { text: string }[] | undefined) => (parts ?? []).map((part) => part.text).join("");
  const tagLines = (tags ?? []).map((tag) => `@${tag.name} ${text(tag.text)}`.trimEnd());
  return [text(displayParts), text(documentation), tagLines.join("\n")].filter((part) => part !== "").join("\n\n");
}
