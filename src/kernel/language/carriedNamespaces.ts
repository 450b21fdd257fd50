import type { TypeScript, ts } from "./typescript.js";

/**
 * The namespaces of earlier cells that a cell does not declare again, as text for the carried declarations: tslab carries
 * every other kind of declaration itself.
 *
 * @param declarations what the cell has found
 * @param cell the checked cell
 */
export function carriedNamespaces(typescript: TypeScript, declarations: string, cell: ts.SourceFile): string {
  if (!/\bnamespace\b/.test(declarations)) return "";
  // Internal: what the file declares at its top level.
  const { locals } = cell as ts.SourceFile & { readonly locals?: ReadonlyMap<string, unknown> };
  const file = typescript.createSourceFile("declarations.d.ts", declarations, typescript.ScriptTarget.Latest);
  return file.statements
    .filter((one) => typescript.isModuleDeclaration(one) && typescript.isIdentifier(one.name))
    .filter((one) => !locals?.has((one as ts.ModuleDeclaration).name.text))
    .map((one) => `${one.getFullText(file).trim()}\n`)
    .join("");
}
