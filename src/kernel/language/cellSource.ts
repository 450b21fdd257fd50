import type { TypeScript, ts } from "./typescript.js";

/**
 * The cell as tslab can take it, every character at its old place: `export` before a top-level declaration and
 * `export { … }` are blanked, because a cell exports all it declares anyway and code is often pasted from a module.
 */
export function cellSource(typescript: TypeScript, code: string): string {
  if (!code.includes("export")) return code;
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest);
  let result = code;
  for (const statement of file.statements) {
    const superfluous = isPlainList(typescript, statement) ? statement : exportWord(typescript, statement);
    if (!superfluous) continue;
    const start = superfluous.getStart(file);
    const blank = code.slice(start, superfluous.end).replace(/[^\r\n]/g, " ");
    result = result.slice(0, start) + blank + result.slice(superfluous.end);
  }
  return result;
}

/** `export { a, b }`, without new names and not from another module. */
function isPlainList(typescript: TypeScript, statement: ts.Statement): boolean {
  if (!typescript.isExportDeclaration(statement) || statement.moduleSpecifier || !statement.exportClause) return false;
  const { exportClause } = statement;
  return typescript.isNamedExports(exportClause) && exportClause.elements.every((element) => !element.propertyName);
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
