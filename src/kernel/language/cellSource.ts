import { parsedName } from "./jsx.js";
import type { Disposable } from "./types.js";
import type { TypeScript, ts } from "./typescript.js";

/** A cell as tslab can take it, every character at its old place, and what was taken out of it. */
export interface CellSource {
  readonly code: string;
  /** Variables that a top-level `using` has declared, in order. */
  readonly disposables: readonly Disposable[];
}

/** A piece of the code that makes room for another of the same length. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Rewrites what tslab cannot take. `export` before a top-level declaration and `export { … }` are blanked, because a cell
 * exports all it declares anyway and code is often pasted from a module; a top-level `using` becomes `const`, because
 * TypeScript would wrap the whole cell for it.
 */
export function cellSource(typescript: TypeScript, code: string): CellSource {
  if (!/\b(export|using)\b/.test(code)) return { code, disposables: [] };
  const file = typescript.createSourceFile(parsedName(typescript, code), code, typescript.ScriptTarget.Latest);
  const replacements: Replacement[] = [];
  const disposables: Disposable[] = [];
  const replace = (start: number, end: number, word = "") => {
    const blank = code.slice(start, end - word.length).replace(/[^\r\n]/g, " ");
    replacements.push({ start, end, text: blank + word });
  };
  for (const statement of file.statements) {
    const superfluous = isPlainList(typescript, statement) ? statement : exportWord(typescript, statement);
    if (superfluous) replace(superfluous.getStart(file), superfluous.end);
    if (!typescript.isVariableStatement(statement)) continue;
    const { declarationList } = statement;
    const start = declarationList.getStart(file);
    const word = /^(?:await\s+)?using/.exec(code.slice(start))?.[0];
    if (!word || !usesResources(typescript, declarationList)) continue;
    replace(start, start + word.length, "const");
    for (const { name } of declarationList.declarations) {
      if (typescript.isIdentifier(name)) disposables.push({ name: name.text, isAsync: word.startsWith("await") });
    }
  }
  let result = code;
  for (const { start, end, text } of replacements) result = result.slice(0, start) + text + result.slice(end);
  return { code: result, disposables };
}

function usesResources({ NodeFlags }: TypeScript, { flags }: ts.VariableDeclarationList): boolean {
  const kind = flags & NodeFlags.BlockScoped;
  return kind === NodeFlags.Using || kind === NodeFlags.AwaitUsing;
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
