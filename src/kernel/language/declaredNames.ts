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

/** What a file declares at its top level. */
export function localsOf(file: ts.SourceFile): ReadonlyMap<string, ts.Symbol> {
  // Internal, there once the file is bound.
  return (file as ts.SourceFile & { readonly locals?: ReadonlyMap<string, ts.Symbol> }).locals ?? new Map();
}

/** Names at the top level of a file that have a value once it has run: no types, nor what is only declared to be there. */
export function assignedNames(typescript: TypeScript, checker: ts.TypeChecker, cell: ts.SourceFile): string[] {
  const { Alias, ConstEnum, Value } = typescript.SymbolFlags;
  return [...localsOf(cell)].flatMap(([name, symbol]) => {
    if (symbol.declarations?.some(typescript.isTypeOnlyImportDeclaration)) return [];
    const { flags } = symbol.flags & Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return flags & Value & ~ConstEnum ? [name] : [];
  });
}

/** Whether it is `declare global { … }`. */
export function isGlobalScope(typescript: TypeScript, node: ts.Node): boolean {
  return (node.flags & typescript.NodeFlags.GlobalAugmentation) !== 0;
}
