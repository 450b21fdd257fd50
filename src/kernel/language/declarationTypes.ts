import type { TypeScript, ts } from "./typescript.js";

/** `NodeBuilderFlags.AllowNodeModulesRelativePaths`, not in the public types. */
const allowNodeModulesRelativePaths = 1 << 26;

/** The parts of TypeScript's internal emit resolver and symbol tracker that are wrapped here. */
type Print = (node: ts.Node, enclosing: ts.Node, flags: number, tracker: Tracker, ...rest: unknown[]) => ts.TypeNode;
type Accessible = (symbol: ts.Symbol, enclosing: ts.Node, meaning: number, alias: boolean) => { accessibility: number };
interface Tracker {
  trackSymbol(symbol: ts.Symbol, enclosing: ts.Node, meaning: number): boolean;
}
interface EmitResolver {
  createTypeOfDeclaration: Print;
  createReturnTypeOfSignatureDeclaration: Print;
  createTypeOfExpression: Print;
  isSymbolAccessible: Accessible;
}
interface EmittingChecker {
  getEmitResolver(...given: unknown[]): EmitResolver;
}

const printers = [
  "createTypeOfDeclaration",
  "createReturnTypeOfSignatureDeclaration",
  "createTypeOfExpression",
] as const;

/**
 * Keeps a cell from being refused because its inferred types cannot be written into a declaration file, which tslab
 * needs to carry them to later cells. Types of packages outside the notebook's folder (TS2742) are written with a
 * relative path; a type that has no name at all, such as that of a class inside a function (TS4025), becomes `any`.
 */
export function allowUnnamedTypes(typescript: TypeScript, program: ts.Program): void {
  const checker = program.getTypeChecker() as ts.TypeChecker & EmittingChecker;
  const getEmitResolver = checker.getEmitResolver;
  const seen = new WeakSet<EmitResolver>();
  checker.getEmitResolver = (...given) => {
    const resolver = getEmitResolver(...given);
    if (seen.has(resolver)) return resolver;
    seen.add(resolver);
    for (const name of printers) {
      const print = resolver[name];
      resolver[name] = (node, enclosing, flags, tracker, ...rest) => {
        const watched = watchedTracker(resolver, tracker);
        const type = print(node, enclosing, flags | allowNodeModulesRelativePaths, watched.tracker, ...rest);
        return watched.failed() ? typescript.factory.createKeywordTypeNode(typescript.SyntaxKind.AnyKeyword) : type;
      };
    }
    return resolver;
  };
}

/** The tracker, with every complaint kept back and remembered. */
function watchedTracker(resolver: EmitResolver, tracker: Tracker): { tracker: Tracker; failed(): boolean } {
  let failed = false;
  const silent = new Proxy(tracker, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name !== "string") return member;
      if (name === "trackSymbol") {
        return (symbol: ts.Symbol, enclosing: ts.Node, meaning: number) => {
          const isTypeParameter = (symbol.flags & 262144) !== 0;
          if (isTypeParameter || resolver.isSymbolAccessible(symbol, enclosing, meaning, false).accessibility === 0) {
            return tracker.trackSymbol(symbol, enclosing, meaning);
          }
          failed = true;
          return false;
        };
      }
      if (!name.startsWith("report")) return member;
      return () => {
        failed = true;
      };
    },
  });
  return { tracker: silent, failed: () => failed };
}
