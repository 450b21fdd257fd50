import type { TypeScript, ts } from "./typescript.js";

/** `NodeBuilderFlags.AllowNodeModulesRelativePaths`, not in the public types. */
const allowNodeModulesRelativePaths = 1 << 26;

/** The parts of TypeScript's internal emit resolver and symbol tracker that are wrapped here. */
type Print = (
  node: ts.Node,
  enclosing: ts.Node,
  flags: number,
  internalFlags: number,
  tracker: Tracker,
  ...rest: unknown[]
) => ts.TypeNode;
type Place = [symbol: ts.Symbol, enclosing: ts.Node, meaning: number];
interface Access {
  readonly accessibility: number;
}
interface Tracker {
  trackSymbol(...place: Place): boolean;
}
interface EmitResolver {
  createTypeOfDeclaration: Print;
  createReturnTypeOfSignatureDeclaration: Print;
  createTypeOfExpression: Print;
  isSymbolAccessible(...given: [...Place, computeAliases: boolean]): Access;
  isEntityNameVisible(...given: unknown[]): Access;
}
interface EmittingChecker {
  getEmitResolver(...given: unknown[]): EmitResolver;
}

const accessible = 0;
const printers = [
  "createTypeOfDeclaration",
  "createReturnTypeOfSignatureDeclaration",
  "createTypeOfExpression",
] as const;

/**
 * Keeps a cell from being refused because its types cannot be written into a declaration file, which tslab needs to
 * carry them to later cells. Types of packages outside the notebook's folder (TS2742) are written with a relative path;
 * an inferred type that has no name at all, such as that of a class inside a function (TS4025), becomes `any`.
 */
export function allowUnnamedTypes(typescript: TypeScript, program: ts.Program): void {
  const checker = program.getTypeChecker() as ts.TypeChecker & EmittingChecker;
  const getEmitResolver = checker.getEmitResolver;
  const seen = new WeakSet<EmitResolver>();
  checker.getEmitResolver = (...given) => {
    const resolver = getEmitResolver(...given);
    if (!seen.has(resolver)) allowIn(resolver, typescript);
    seen.add(resolver);
    return resolver;
  };
}

function allowIn(resolver: EmitResolver, typescript: TypeScript): void {
  const { isEntityNameVisible, isSymbolAccessible } = resolver;
  resolver.isEntityNameVisible = (...given) => {
    const access = isEntityNameVisible(...given);
    return access.accessibility === accessible ? access : { accessibility: accessible };
  };
  // The tracker asks again for what `watched` has just asked for, and the answer takes a search.
  let latest: { place: Place; access: Access } | undefined;
  resolver.isSymbolAccessible = (...given) => {
    const [symbol, enclosing, meaning] = given;
    const isSame = latest?.place[0] === symbol && latest.place[1] === enclosing && latest.place[2] === meaning;
    return latest && isSame ? latest.access : isSymbolAccessible(...given);
  };
  const isAccessible = (...place: Place) => {
    latest = { place, access: isSymbolAccessible(...place, true) };
    return latest.access.accessibility === accessible;
  };
  for (const name of printers) {
    const print = resolver[name];
    resolver[name] = (node, enclosing, flags, internalFlags, tracker, ...rest) => {
      const watched = watch(typescript, tracker, isAccessible);
      const allowed = flags | allowNodeModulesRelativePaths;
      const type = print(node, enclosing, allowed, internalFlags, watched.tracker, ...rest);
      latest = undefined;
      return watched.failed() ? typescript.factory.createKeywordTypeNode(typescript.SyntaxKind.AnyKeyword) : type;
    };
  }
}

/** The tracker, with every complaint kept back and remembered. */
function watch(
  typescript: TypeScript,
  tracker: Tracker,
  isAccessible: (...place: Place) => boolean,
): { tracker: Tracker; failed(): boolean } {
  let failed = false;
  const fail = () => {
    failed = true;
    return false;
  };
  const trackSymbol = (...place: Place) => {
    const isTypeParameter = (place[0].flags & typescript.SymbolFlags.TypeParameter) !== 0;
    return isTypeParameter || isAccessible(...place) ? tracker.trackSymbol(...place) : fail();
  };
  const silent = new Proxy(tracker, {
    get(target, name) {
      if (name === "trackSymbol") return trackSymbol;
      // Says only that the type is not taken over from the source as it stands there.
      if (name === "reportInferenceFallback") return undefined;
      return typeof name === "string" && name.startsWith("report") ? fail : Reflect.get(target, name);
    },
  });
  return { tracker: silent, failed: () => failed };
}
