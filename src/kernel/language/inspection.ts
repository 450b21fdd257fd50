import { relative } from "node:path";
import { parsedName } from "./jsx.js";
import type { Explanation } from "./quickInfo.js";
import type { Tslab } from "./tslabAdapter.js";
import { plainTypeNames } from "./typeNames.js";
import type { Inspection } from "./types.js";
import type { TypeScript, ts } from "./typescript.js";

/** What is to be explained, and how. */
export interface InspectionRequest {
  readonly declarations: string;
  readonly code: string;
  readonly cursor: number;
  /** 1: with the types written out, and the source. */
  readonly detail: 0 | 1;
  /** Code of earlier cells, the latest first. */
  readonly cells: readonly string[];
  readonly folder: string;
}

/** Most lines of a source that are shown. */
const mostLines = 60;

/** Explains what stands at the cursor or ends there, else the function whose arguments the cursor is in. */
export function inspect(tslab: Tslab, request: InspectionRequest): Inspection | undefined {
  const { declarations, code, cursor, detail } = request;
  const { typescript } = tslab;
  const places = [cursor, cursor - 1, calleeEnd(typescript, code, cursor)];
  for (const place of places) {
    if (place === undefined || place < 0) continue;
    const found = tslab.inspect(declarations, code, place, detail);
    if (found)
      return described(found, detail === 1 ? sourceOf(typescript, found, nameAt(code, place), request) : undefined);
  }
  return undefined;
}

/** A place in the name of the function that is called around the cursor, innermost call first. */
function calleeEnd(typescript: TypeScript, code: string, cursor: number): number | undefined {
  const file = typescript.createSourceFile(parsedName(typescript, code), code, typescript.ScriptTarget.Latest, true);
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

/** Code that declares something, and where it stands. */
interface Source {
  readonly place: string;
  readonly text: string;
}

function described({ displayParts, documentation, tags }: Explanation, source: Source | undefined): Inspection {
  const text = (parts: readonly { text: string }[] | undefined) => (parts ?? []).map((part) => part.text).join("");
  const tagLines = tags.map((tag) => `@${tag.name} ${text(tag.text)}`.trimEnd());
  const markdownLines = tags.map((tag) => `*@${tag.name}* ${text(tag.text)}`.trimEnd());
  const [signature, documented] = [plainTypeNames(text(displayParts)), text(documentation)];
  const fence = (code: string) => (code === "" ? "" : `\`\`\`typescript\n${code}\n\`\`\``);
  const joined = (parts: readonly string[]) => parts.filter((part) => part !== "").join("\n\n");
  const title = source ? `${source.place}:` : "";
  return {
    text: joined([signature, documented, tagLines.join("\n"), source ? `${title}\n${source.text}` : ""]),
    markdown: joined([fence(signature), documented, markdownLines.join("  \n"), title, fence(source?.text ?? "")]),
  };
}

/** The identifier around a place. */
function nameAt(code: string, place: number): string {
  const before = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, place))?.[0] ?? "";
  const after = /^[\p{ID_Continue}$]*/u.exec(code.slice(place))?.[0] ?? "";
  return before + after;
}

/** The statement of an earlier cell that declares the name, else what a file says. */
function sourceOf(
  typescript: TypeScript,
  { declaration }: Explanation,
  name: string,
  { cells, folder }: InspectionRequest,
): Source | undefined {
  const file = declaration?.getSourceFile();
  if (!declaration || !file) return undefined;
  if (!/__(tslab|prev)__(\.d)?\.ts$/.test(file.fileName)) {
    const line = file.getLineAndCharacterOfPosition(declaration.getStart(file)).line + 1;
    const path = relative(folder, file.fileName);
    const place = `Declared in ${path.startsWith("..") ? file.fileName : path}, line ${line}`;
    return { place, text: shortened(declaration.getText(file)) };
  }
  for (const code of cells) {
    const parsed = typescript.createSourceFile(
      parsedName(typescript, code),
      code,
      typescript.ScriptTarget.Latest,
      true,
    );
    const statement = parsed.statements.find((one) => declares(typescript, one, name));
    if (statement) return { place: "Source", text: shortened(statement.getText(parsed)) };
  }
  return undefined;
}

function declares(typescript: TypeScript, statement: ts.Statement, name: string): boolean {
  if (typescript.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some((declaration) => declaration.name.getText() === name);
  }
  const named = (statement as ts.Statement & { readonly name?: ts.Node }).name;
  return named !== undefined && typescript.isIdentifier(named) && named.text === name;
}

function shortened(text: string): string {
  const lines = text.split("\n");
  return lines.length > mostLines
    ? [...lines.slice(0, mostLines), `… ${lines.length - mostLines} more lines`].join("\n")
    : text;
}
