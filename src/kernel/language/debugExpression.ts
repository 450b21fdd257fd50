import type { TypeScript, ts } from "./typescript.js";

/** How an expression of the debugger's is to be turned into JavaScript. */
export interface DebugExpression {
  readonly code: string;
  /** JavaScript for the object whose members are the cells' variables. */
  readonly variables: string;
  /** What the cells have declared. */
  readonly names: readonly string[];
  /** Names that something nearer hides; `undefined` where that will only be known when it is evaluated. */
  readonly hidden: readonly string[] | undefined;
}

/**
 * An expression in TypeScript as JavaScript that can be evaluated anywhere in the program: types are dropped, and the
 * cells' variables, which are no variables of JavaScript, become members. Or what is wrong with it.
 */
export function debugExpression(
  typescript: TypeScript,
  request: DebugExpression,
): { readonly expression: string } | { readonly problem: string } {
  const { code, variables, names, hidden } = request;
  const { factory } = typescript;
  const rewrite: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
    const own = boundNames(typescript, file);
    const wanted = new Set(names.filter((name) => !hidden?.includes(name) && !own.has(name)));
    const member = (name: ts.Identifier): ts.Expression => {
      const found = factory.createPropertyAccessExpression(
        factory.createIdentifier(variables),
        factory.createIdentifier(name.text),
      );
      if (hidden) return found;
      // Whatever is nearest where the program stops.
      const isThere = factory.createStrictInequality(
        factory.createTypeOfExpression(factory.createIdentifier(name.text)),
        factory.createStringLiteral("undefined"),
      );
      const near = factory.createIdentifier(name.text);
      return factory.createParenthesizedExpression(
        factory.createConditionalExpression(isThere, undefined, near, undefined, found),
      );
    };
    const visit = (node: ts.Node): ts.Node => {
      if (typescript.isPropertyAccessExpression(node)) {
        return factory.updatePropertyAccessExpression(node, visit(node.expression) as ts.Expression, node.name);
      }
      if (typescript.isShorthandPropertyAssignment(node) && wanted.has(node.name.text)) {
        return factory.createPropertyAssignment(node.name, member(node.name));
      }
      if (typescript.isPropertyAssignment(node)) {
        return factory.updatePropertyAssignment(node, node.name, visit(node.initializer) as ts.Expression);
      }
      if (typescript.isIdentifier(node) && wanted.has(node.text)) return member(node);
      return typescript.visitEachChild(node, visit, context);
    };
    return typescript.visitNode(file, visit) as ts.SourceFile;
  };
  // In brackets, so that an object literal is no block.
  const { outputText, diagnostics = [] } = typescript.transpileModule(`(${code}\n)`, {
    reportDiagnostics: true,
    transformers: { before: [rewrite] },
    compilerOptions: { target: typescript.ScriptTarget.ES2022, module: typescript.ModuleKind.ESNext },
  });
  const [first] = diagnostics;
  if (first) return { problem: typescript.flattenDiagnosticMessageText(first.messageText, " ") };
  return { expression: outputText.trim().replace(/;$/, "") };
}

/** Names that the expression itself declares: parameters of functions in it. */
function boundNames(typescript: TypeScript, file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isBinding =
      typescript.isParameter(node) || typescript.isBindingElement(node) || typescript.isVariableDeclaration(node);
    if (isBinding && typescript.isIdentifier(node.name)) names.add(node.name.text);
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return names;
}
