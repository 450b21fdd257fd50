import type { TypeScript, ts } from "./typescript.js";

/** What is known about a place in the code. */
export interface Explanation {
  readonly displayParts: readonly ts.SymbolDisplayPart[];
  readonly documentation: readonly ts.SymbolDisplayPart[];
  readonly tags: readonly ts.JSDocTagInfo[];
  /** Where it is declared first. */
  readonly declaration?: ts.Declaration;
}

/** What a symbol's signature and documentation are. */
interface SymbolDescription {
  readonly displayParts: ts.SymbolDisplayPart[];
  readonly documentation: ts.SymbolDisplayPart[];
  readonly tags: ts.JSDocTagInfo[] | undefined;
}

/** The inside of TypeScript's language service that this file stands on. */
interface Internals {
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  getContainerNode(node: ts.Node): ts.Declaration | undefined;
  getContainingObjectLiteralElement(node: ts.Node): ts.ObjectLiteralElement | undefined;
  typeToDisplayParts(checker: ts.TypeChecker, type: ts.Type, enclosing: ts.Node | undefined): ts.SymbolDisplayPart[];
  readonly SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      enclosing: ts.Node | undefined,
      location: ts.Node,
      meaning: number | undefined,
      alias: undefined,
      mostCharacters: number | undefined,
      verbosity: number | undefined,
    ): SymbolDescription;
  };
  readonly defaultHoverMaximumTruncationLength?: number;
}

/**
 * Type and documentation of what stands at a position, as the language service's `getQuickInfoAtPosition` gives them.
 * That one builds a program of its own for every version of a file; this one asks the program that is there.
 *
 * @param detail 1 writes out what is behind the names of types, and cuts nothing
 */
export function quickInfo(
  typescript: TypeScript,
  checker: ts.TypeChecker,
  file: ts.SourceFile,
  position: number,
  detail: 0 | 1 = 0,
): Explanation | undefined {
  const inside = typescript as TypeScript & Internals;
  const touched = inside.getTouchingPropertyName(file, position);
  if (touched === file) return undefined;
  const node = explained(typescript, touched);
  const symbol = symbolAt(inside, checker, node);
  if (symbol) {
    const { displayParts, documentation, tags } = inside.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker,
      symbol,
      file,
      inside.getContainerNode(node),
      node,
      // Where a value must stand it would leave out what a type is.
      isType(typescript, checker, symbol) ? allMeanings : undefined,
      undefined,
      detail === 1 ? Number.MAX_SAFE_INTEGER : inside.defaultHoverMaximumTruncationLength,
      detail,
    );
    const isAlias = (symbol.flags & typescript.SymbolFlags.Alias) !== 0;
    const [declaration] = (isAlias ? checker.getAliasedSymbol(symbol) : symbol).declarations ?? [];
    return { displayParts, documentation, tags: tags ?? [], ...(declaration && { declaration }) };
  }
  if (!hasType(typescript, node)) return undefined;
  const type = checker.getTypeAtLocation(node);
  // A name that nothing declares.
  if ((type.flags & typescript.TypeFlags.Any) !== 0) return undefined;
  return {
    displayParts: inside.typeToDisplayParts(checker, type, inside.getContainerNode(node)),
    documentation: type.symbol?.getDocumentationComment(checker) ?? [],
    tags: type.symbol?.getJsDocTags(checker) ?? [],
  };
}

/** `new` explains the class that it makes, `meta` of `import.meta` the whole. */
function explained(typescript: TypeScript, node: ts.Node): ts.Node {
  const { parent } = node;
  if (typescript.isNewExpression(parent) && node.pos === parent.pos) return parent.expression;
  if (typescript.isMetaProperty(parent) && parent.name === node) return parent;
  return node;
}

/** Of a property of an object literal, the property that its type declares. */
function symbolAt(inside: TypeScript & Internals, checker: ts.TypeChecker, node: ts.Node): ts.Symbol | undefined {
  const element = inside.getContainingObjectLiteralElement(node);
  const expected = element && checker.getContextualType(element.parent as ts.Expression);
  const name = element?.name && inside.isIdentifier(element.name) ? element.name.text : undefined;
  const declared = name === undefined ? undefined : expected?.getProperty(name);
  const found = declared ?? checker.getSymbolAtLocation(node);
  if (found && !isUnknown(checker, found)) return found;
  // Where a value must stand a type has no symbol: `Shape` alone, whose type is asked for by `Shape?`.
  const { Type, Namespace } = inside.SymbolFlags;
  const isMember = inside.isPropertyAccessExpression(node.parent) && node.parent.name === node;
  if (!inside.isIdentifier(node) || isMember) return undefined;
  return (checker as InternalChecker).resolveName(node.text, node, Type | Namespace, false);
}

/** TypeScript's `SemanticMeaning.All`. */
const allMeanings = 7;

function isType({ SymbolFlags }: TypeScript, checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  const { flags } = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (flags & SymbolFlags.Value) === 0 && (flags & SymbolFlags.Type) !== 0;
}

/** What of the checker is not public. */
interface InternalChecker extends ts.TypeChecker {
  isUnknownSymbol(symbol: ts.Symbol): boolean;
  resolveName(name: string, place: ts.Node, meaning: number, excludesGlobals: boolean): ts.Symbol | undefined;
}

function isUnknown(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  return (checker as InternalChecker).isUnknownSymbol(symbol);
}

function hasType({ SyntaxKind }: TypeScript, { kind }: ts.Node): boolean {
  const typed = [SyntaxKind.Identifier, SyntaxKind.ThisKeyword, SyntaxKind.SuperKeyword, SyntaxKind.MetaProperty];
  return (typed as ts.SyntaxKind[]).includes(kind);
}
