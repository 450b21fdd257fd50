import { isGlobalScope } from "./declaredNames.js";
import { isForgotten } from "./earlierTypes.js";
import type { TypeScript } from "./typescript.js";

/**
 * The namespaces of earlier cells that a cell does not declare again, and what they add to the global scope, as text for
 * the carried declarations: tslab carries every other kind of declaration itself.
 *
 * @param before what the cell has found
 * @param after what tslab carries on
 * @param declared the names that the cell declares
 */
export function carriedNamespaces(
  typescript: TypeScript,
  before: string,
  after: string,
  declared: { has(name: string): boolean },
): string {
  if (!/\b(namespace|global)\b/.test(before)) return "";
  const file = typescript.createSourceFile("declarations.d.ts", before, typescript.ScriptTarget.Latest);
  let carried = "";
  // The latest first: former types may refer to others, which were declared again later.
  for (const one of file.statements.toReversed()) {
    if (!typescript.isModuleDeclaration(one) || !typescript.isIdentifier(one.name)) continue;
    if (declared.has(one.name.text) || isForgotten(typescript, one, after + carried)) continue;
    // The same augmentation, of a cell that has run again.
    if (isGlobalScope(typescript, one) && after.includes(one.getText(file))) continue;
    carried = `${one.getFullText(file).trim()}\n${carried}`;
  }
  return carried;
}
