import type { TypeScript, ts } from "./typescript.js";

/**
 * The cell as tslab can take it, every character at its old place: `export` before a top-level declaration is blanked,
 * because a cell exports all it declares anyway and code is often pasted from a module.
 */
export function cellSource(typescript: TypeScript, code: string): string {
  if (!code.includes("export")) return code;
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest);
  let result = code;
  for (const statement of file.statements) {
    const word = exportWord(typescript, statement);
    if (!word) continue;
    const start = word.getStart(file);
    result = result.slice(0, start) + " ".repeat(word.end - start) + result.slice(word.end);
  }
  return result;
}

function exportWord(typescript: TypeScript, statement: ts.Statement): ts.Modifier | undefined {
  if (!typescript.canHaveModifiers(statement)) return undefined;
  const modifiers = typescript.getModifiers(statement) ?? [];
  if (modifiers.some((modifier) => modifier.kind === typescript.SyntaxKind.DefaultKeyword)) return undefined;
  return modifiers.find((modifier) => modifier.kind === typescript.SyntaxKind.ExportKeyword);
}

/** Whether a comment above the first statement says `@ts-nocheck`: the cell then only has to be well-formed. */
export function asksForNoCheck(typescript: TypeScript, code: string): boolean {
  const comments = typescript.getLeadingCommentRanges(code, 0) ?? [];
  return comments.some((comment) => /^\/[/*]+\s*@ts-nocheck\b/.test(code.slice(comment.pos, comment.end)));
}
