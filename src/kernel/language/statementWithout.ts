import { namesOf } from "./declaredNames.js";
import type { TypeScript, ts } from "./typescript.js";

/** The text of a statement without some of the names that it declares; empty if none is left. */
export function statementWithout(
  typescript: TypeScript,
  statement: ts.Statement,
  isOut: (name: string) => boolean,
): string {
  const names = namesOf(typescript, statement);
  if (!names.some(isOut)) return `${statement.getFullText().trim()}\n`;
  if (names.every(isOut)) return "";
  // Nothing else declares several.
  if (typescript.isImportDeclaration(statement)) return importWithout(typescript, statement, isOut);
  const { declarations } = (statement as ts.VariableStatement).declarationList;
  const kept = declarations.filter(({ name }) => !isOut(name.getText())).map((one) => one.getText());
  const head = statement.getSourceFile().text.slice(statement.getStart(), declarations[0]?.getStart());
  return `${head}${kept.join(", ")};\n`;
}

function importWithout(
  typescript: TypeScript,
  { importClause, moduleSpecifier, attributes }: ts.ImportDeclaration,
  isOut: (name: string) => boolean,
): string {
  const bindings = importClause?.namedBindings;
  const named = bindings && typescript.isNamedImports(bindings) ? bindings.elements : [];
  const kept = named.filter(({ name }) => !isOut(name.text)).map((one) => one.getText());
  const isWhole = bindings && typescript.isNamespaceImport(bindings) && !isOut(bindings.name.text);
  const main = importClause?.name && !isOut(importClause.name.text) ? [importClause.name.text] : [];
  const list = [
    ...main,
    ...(isWhole ? [bindings.getText()] : []),
    ...(kept.length > 0 ? [`{ ${kept.join(", ")} }`] : []),
  ];
  const type = importClause?.isTypeOnly ? "type " : "";
  const how = attributes ? ` ${attributes.getText()}` : "";
  return `import ${type}${list.join(", ")} from ${moduleSpecifier.getText()}${how};\n`;
}
