import remapping, { type SourceMapInput } from "@jridgewell/remapping";
import { decodedMap, TraceMap } from "@jridgewell/trace-mapping";
import { exportDeclaredVariables } from "./exportDeclaredVariables.js";
import { guardedAwaits, unmapQuestions } from "./guardedAwaits.js";
import { moduleRecord } from "./moduleRecord.js";
import type { SourceMap } from "./types.js";
import type { TypeScript, ts } from "./typescript.js";

const inlineMap = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** The JavaScript and the map that its last line carries as a `data:` address. */
export function splitInlineMap(javascript: string): { javascript: string; sourceMap: SourceMap } {
  const found = inlineMap.exec(javascript);
  if (!found?.[1]) throw new Error("splitInlineMap: the JavaScript must end with an inline source map");
  return {
    javascript: javascript.slice(0, found.index + 1),
    sourceMap: JSON.parse(Buffer.from(found[1], "base64").toString("utf8")) as SourceMap,
  };
}

function withInlineMap(javascript: string, sourceMap: unknown): string {
  const encoded = Buffer.from(JSON.stringify(sourceMap)).toString("base64");
  return `${javascript}\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
}

/**
 * Stands in for `transpileModule` in tslab's second pass (ES module to CommonJS), which has no source map: keeps the
 * inline map of the first pass and composes both. For the cell itself, variables live in `exports` only. The result is
 * the body of an async function of `exports`, `require`, `module` and the record that {@link moduleRecord} names.
 *
 * @param cellName how the first pass names the cell in its map; other files are local modules and stay as they are
 */
export function commonJsTranspiler(typescript: TypeScript, cellName: string): TypeScript["transpileModule"] {
  return (input, { compilerOptions, fileName }) => {
    const first = splitInlineMap(input);
    const isCell = first.sourceMap.sources.some((source) => source?.endsWith(cellName));
    const decoded = { javascript: first.javascript, sourceMap: decodedMap(new TraceMap(first.sourceMap)) };
    const module = isCell ? exportDeclaredVariables(typescript, decoded) : decoded;
    // Dropped by TypeScript.
    const { noImplicitUseStrict: _, ...known } = compilerOptions ?? {};
    const second = typescript.transpileModule(module.javascript, {
      ...(fileName ? { fileName } : {}),
      // `downlevelIteration`: exported patterns are taken apart, and by index they would be wrong for a Set.
      compilerOptions: { ...known, alwaysStrict: true, sourceMap: true, downlevelIteration: true },
      transformers: {
        before: [importsOfModule(typescript), guardedAwaits(typescript)],
        after: [...(isCell ? [plainExports(typescript)] : []), awaitedImports(typescript)],
      },
    });
    const javascript = strictRead(second.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
    const own = decodedMap(new TraceMap(second.sourceMapText ?? ""));
    const mapped = { ...own, mappings: unmapQuestions(javascript, own.mappings) };
    const composed = remapping([mapped, module.sourceMap] as SourceMapInput[], () => null);
    return { ...second, outputText: withInlineMap(javascript, composed) };
  };
}

/** Has TypeScript's helper for patterns refuse what cannot be iterated, as JavaScript does; it takes that by index. */
function strictRead(javascript: string): string {
  const refusal = 'throw new TypeError(typeof o + " is not iterable")';
  return javascript.replace(/^(var __read = [\s\S]*?if \(!m\)) return o;/m, `$1 ${refusal};`);
}

/** `import.meta` and `import()` are for ES modules alone; the record of our own modules has both. */
function importsOfModule(typescript: TypeScript): ts.TransformerFactory<ts.SourceFile> {
  const { factory, SyntaxKind } = typescript;
  const member = (name: string) => moduleRecord(typescript, name);
  return (context) => (file) => {
    if (!/\bimport\b/.test(file.text)) return file;
    const visit = (node: ts.Node): ts.Node => {
      if (typescript.isMetaProperty(node) && node.keywordToken === SyntaxKind.ImportKeyword)
        return member("importMeta");
      const visited = typescript.visitEachChild(node, visit, context);
      if (!typescript.isCallExpression(visited) || visited.expression.kind !== SyntaxKind.ImportKeyword) return visited;
      return factory.updateCallExpression(visited, member("import"), undefined, visited.arguments);
    };
    return typescript.visitNode(file, visit) as ts.SourceFile;
  };
}

/**
 * Has every static import waited for: `await record.load("x")` in place of the `require("x")` that TypeScript has put
 * there. Some ES modules cannot be had at once, those with an `await` at their top level.
 */
function awaitedImports(typescript: TypeScript): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = typescript;
  return (context) => (file) => {
    const visit = (node: ts.Node): ts.Node => {
      const isRequire = typescript.isCallExpression(node) && isNamed(typescript, node.expression, "require");
      if (!isRequire || isWritten(node)) return typescript.visitEachChild(node, visit, context);
      const load = moduleRecord(typescript, "load");
      return factory.createAwaitExpression(factory.createCallExpression(load, undefined, node.arguments));
    };
    return typescript.visitNode(file, visit) as ts.SourceFile;
  };
}

/**
 * Rewrites what TypeScript puts around the statements of a CommonJS module, so that `exports` can be one plain object
 * for all cells: no `__esModule`, no `exports.x = void 0` on top (a cell that fails would wipe out the variable it was
 * about to replace), and imported names as assignable properties instead of getters that cannot be redefined.
 */
function plainExports(typescript: TypeScript): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = typescript;
  return () => (file) =>
    factory.updateSourceFile(
      file,
      file.statements.flatMap((statement) => {
        if (!typescript.isExpressionStatement(statement) || isWritten(statement.expression)) return [statement];
        if (!isWritten(statement) && clearsExports(typescript, statement.expression)) return [];
        const getter = definedGetter(typescript, statement.expression);
        if (!getter) return [statement];
        if (getter.name === "__esModule" || !getter.value) return [];
        const target = factory.createElementAccessExpression(
          factory.createIdentifier("exports"),
          factory.createStringLiteral(getter.name),
        );
        return [factory.createExpressionStatement(factory.createAssignment(target, getter.value))];
      }),
    );
}

/** Whether it has a place in the source, so that it is the user's and not made by TypeScript. */
function isWritten(node: ts.Node): boolean {
  return node.pos >= 0;
}

/** `exports.a = exports.b = void 0` */
function clearsExports(typescript: TypeScript, expression: ts.Expression): boolean {
  if (!typescript.isBinaryExpression(expression)) return false;
  const { left, right } = expression;
  if (!typescript.isPropertyAccessExpression(left) || !isNamed(typescript, left.expression, "exports")) return false;
  return typescript.isVoidExpression(right) || clearsExports(typescript, right);
}

/** `Object.defineProperty(exports, "name", { enumerable: true, get: function () { return value; } })` */
function definedGetter(
  typescript: TypeScript,
  expression: ts.Expression,
): { name: string; value: ts.Expression | undefined } | undefined {
  if (!typescript.isCallExpression(expression)) return undefined;
  const [target, name, descriptor] = expression.arguments;
  if (!target || !isNamed(typescript, target, "exports")) return undefined;
  if (!name || !typescript.isStringLiteral(name)) return undefined;
  if (!descriptor || !typescript.isObjectLiteralExpression(descriptor)) return undefined;
  const getter = descriptor.properties.find((property) => property.name && isNamed(typescript, property.name, "get"));
  if (!getter || !typescript.isPropertyAssignment(getter)) return { name: name.text, value: undefined };
  if (!typescript.isFunctionExpression(getter.initializer)) return undefined;
  const [returned] = getter.initializer.body.statements;
  if (!returned || !typescript.isReturnStatement(returned)) return undefined;
  return { name: name.text, value: returned.expression };
}

/** Whether it is an identifier of this name. */
function isNamed(typescript: TypeScript, node: ts.Node, name: string): boolean {
  return typescript.isIdentifier(node) && node.text === name;
}
