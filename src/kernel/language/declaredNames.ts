import type { TypeScript, ts } from "./typescript.js";

/** Names that a statement of carried declarations declares, be they values or types. */
export function namesOf(typescript: TypeScript, statement: ts.Statement): string[] {
  if (typescript.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      typescript.isIdentifier(name) ? [name.text] : [],
    );
  }
  if (typescript.isImportDeclaration(statement)) return importedNames(typescript, statement);
  const { name } = statement as ts.Statement & { readonly name?: ts.Node };
  return name && typescript.isIdentifier(name) ? [name.text] : [];
}

/** Names that an import declares. */
export function importedNames(typescript: TypeScript, { importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  const named = bindings && typescript.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
  const whole = bindings && typescript.isNamespaceImport(bindings) ? [bindings.name.text] : [];
  return [...(importClause?.name ? [importClause.name.text] : []), ...whole, ...named];
}

/** All names of carried declarations. */
export function declaredNames(typescript: TypeScript, declarations: string): ReadonlySet<string> {
  const file = typescript.createSourceFile("declarations.d.ts", declarations, typescript.ScriptTarget.Latest);
  return new Set(file.statements.flatMap((statement) => namesOf(typescript, statement)));
}
