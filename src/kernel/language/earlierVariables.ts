import { isGlobalScope } from "./declaredNames.js";
import type { TypeScript, ts } from "./typescript.js";

/**
 * Prepares a cell for tslab's transformer, which replaces every identifier that was declared in an earlier cell by
 * `exports.name`. In three places that would not be JavaScript: `{ name }` becomes `{ name: name }` first, and property
 * names in patterns and literals become strings: `{ "name": x } = …`. What an earlier cell has added to the global scope
 * is hidden from that transformer: it is found there.
 *
 * @param declarations the virtual file with the declarations of earlier cells
 */
export function guardPropertyNames(
  typescript: TypeScript,
  checker: ts.TypeChecker,
  declarations: ts.SourceFile,
): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = typescript;
  const earlier = (symbol: ts.Symbol | undefined) =>
    symbol?.declarations?.filter((declaration) => declaration.getSourceFile() === declarations) ?? [];
  const isGlobal = (symbol: ts.Symbol | undefined) =>
    earlier(symbol).some((declaration) => typescript.findAncestor(declaration, isAugmentation) !== undefined);
  const hasGlobals = /\bdeclare global\b/.test(declarations.text);
  const isAugmentation = (node: ts.Node) => isGlobalScope(typescript, node);
  const isEarlier = (symbol: ts.Symbol | undefined) => earlier(symbol).length > 0 && !isGlobal(symbol);
  const quoted = (name: ts.Identifier) =>
    typescript.setTextRange(factory.createStringLiteral(name.text), name) as ts.StringLiteral;
  return (context) => {
    const visit = (node: ts.Node): ts.Node => {
      if (hasGlobals && typescript.isIdentifier(node) && isGlobal(checker.getSymbolAtLocation(node))) {
        // A node that was not parsed has no symbol.
        return typescript.setTextRange(factory.createIdentifier(node.text), node);
      }
      if (typescript.isShorthandPropertyAssignment(node)) {
        if (!isEarlier(checker.getShorthandAssignmentValueSymbol(node))) return node;
        const reference = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name.text);
        const value = node.objectAssignmentInitializer
          ? factory.createAssignment(reference, visit(node.objectAssignmentInitializer) as ts.Expression)
          : reference;
        return typescript.setTextRange(factory.createPropertyAssignment(quoted(node.name), value), node);
      }
      const visited = typescript.visitEachChild(node, visit, context);
      if (
        typescript.isBindingElement(visited) &&
        visited.propertyName &&
        typescript.isIdentifier(visited.propertyName)
      ) {
        const { dotDotDotToken, propertyName, name, initializer } = visited;
        return factory.updateBindingElement(visited, dotDotDotToken, quoted(propertyName), name, initializer);
      }
      if (typescript.isPropertyAssignment(visited) && typescript.isIdentifier(visited.name)) {
        return factory.updatePropertyAssignment(visited, quoted(visited.name), visited.initializer);
      }
      return visited;
    };
    return (file) => typescript.visitNode(file, visit) as ts.SourceFile;
  };
}
