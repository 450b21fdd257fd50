import { localsOf } from "./declaredNames.js";
import type { TypeScript, ts } from "./typescript.js";

/**
 * Declarations of the `var`s that stand inside statements of a cell, such as `for (var i = 0; …)`: they are variables of
 * the whole cell, and a declaration file leaves them out.
 */
export function hoistedVariables(typescript: TypeScript, checker: ts.TypeChecker, cell: ts.SourceFile): string {
  const hoisted = [...localsOf(cell)].filter(([, { valueDeclaration }]) => isHoisted(typescript, valueDeclaration));
  return hoisted
    .map(([name, symbol]) => {
      const type = checker.getTypeOfSymbolAtLocation(symbol, cell);
      const text = isLocal(typescript, checker, type)
        ? "any"
        : checker.typeToString(type, cell, typescript.TypeFormatFlags.NoTruncation);
      return `declare var ${name}: ${text};\n`;
    })
    .join("");
}

/** Whether a type has a name in it that is declared within a statement: outside, the name means another type or none. */
function isLocal(typescript: TypeScript, checker: ts.TypeChecker, type: ts.Type): boolean {
  const isInner = (symbol: ts.Symbol | undefined) =>
    symbol?.declarations?.some((declaration) => {
      const isNamed = typescript.isDeclarationStatement(declaration) || typescript.isClassLike(declaration);
      return isNamed && !typescript.isSourceFile(declaration.parent) && !typescript.isModuleBlock(declaration.parent);
    }) ?? false;
  if (isInner(type.aliasSymbol) || isInner(type.symbol)) return true;
  const parts = [
    ...(type.isUnionOrIntersection() ? type.types : []),
    ...(type.aliasTypeArguments ?? []),
    ...(isReference(typescript, type) ? checker.getTypeArguments(type) : []),
  ];
  return parts.some((part) => part !== type && isLocal(typescript, checker, part));
}

function isReference(typescript: TypeScript, type: ts.Type): type is ts.TypeReference {
  const { objectFlags = 0 } = type as ts.Type & { readonly objectFlags?: ts.ObjectFlags };
  return (objectFlags & typescript.ObjectFlags.Reference) !== 0;
}

function isHoisted(typescript: TypeScript, declaration: ts.Declaration | undefined): boolean {
  let node: ts.Node | undefined = declaration;
  while (node && (typescript.isBindingElement(node) || typescript.isBindingName(node))) node = node.parent;
  if (!node || !typescript.isVariableDeclaration(node) || !typescript.isVariableDeclarationList(node.parent))
    return false;
  const statement = node.parent.parent;
  return !typescript.isVariableStatement(statement) || !typescript.isSourceFile(statement.parent);
}
