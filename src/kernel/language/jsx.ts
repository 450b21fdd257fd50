import type { TypeScript, ts } from "./typescript.js";

/** A pragma of a file, as TypeScript keeps it. */
type Pragmas = Map<string, { readonly arguments: { readonly factory: string } }>;

/** "JSX element has no corresponding closing tag." */
const notClosed = 17008;
/** What stands in angle brackets before a value, with a small letter and without being an element. */
const plainType = /^(any|bigint|boolean|never|null|number|object|string|symbol|undefined|unknown|void)$/;

type ParsedFile = ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] };

/**
 * Whether a cell can only be read with JSX. `<T>value` and `<T>(x: T) => x` mean something else there, so that cells
 * without JSX are read without it. Of a cell that is being typed, such as `<div><p cla`, neither reading is free of errors.
 */
export function needsJsx(typescript: TypeScript, code: string): boolean {
  if (!/<[\p{ID_Start}>]/u.test(code)) return false;
  const parsedAs = (name: string) =>
    typescript.createSourceFile(name, code, typescript.ScriptTarget.Latest) as ParsedFile;
  const without = parsedAs("cell.ts").parseDiagnostics.length;
  if (without === 0) return false;
  const file = parsedAs("cell.tsx");
  const errors = errorsBesideOpenElements(file);
  return errors < without || (errors === without && hasElement(typescript, file));
}

/** An element like `<div>` that is still open makes two errors, which say nothing about how the rest is to be read. */
function errorsBesideOpenElements({ parseDiagnostics, text }: ParsedFile): number {
  const open = parseDiagnostics.filter(({ code, start, length }) => {
    const name = text.slice(start, start + length);
    return code === notClosed && /^[a-z]/.test(name) && !plainType.test(name);
  });
  return parseDiagnostics.length - 2 * open.length;
}

function hasElement(typescript: TypeScript, node: ts.Node): boolean {
  if (typescript.isJsxElement(node) || typescript.isJsxSelfClosingElement(node)) return true;
  return typescript.forEachChild(node, (child) => hasElement(typescript, child)) ?? false;
}

/** The name under which a cell is parsed: its ending says whether there is JSX in it. */
export function parsedName(typescript: TypeScript, code: string): "cell.ts" | "cell.tsx" {
  return needsJsx(typescript, code) ? "cell.tsx" : "cell.ts";
}

/**
 * Gives a file with JSX its import source: the one it names, else `fallback`. TypeScript reads pragmas only at the top
 * of a file, and a cell is not there.
 */
export function setJsxImportSource(file: ts.SourceFile, fallback: string): void {
  const pragmas = (file as ts.SourceFile & { readonly pragmas: Pragmas }).pragmas;
  for (const [, name = "", value = ""] of file.text.matchAll(
    /^\s*\/\*\*?\s*@(jsx|jsxFrag|jsxImportSource)\s+(\S+)/gm,
  )) {
    pragmas.set(name.toLowerCase(), { arguments: { factory: value } });
  }
  const isSettled = ["jsx", "jsximportsource"].some((name) => pragmas.has(name));
  if (!isSettled) pragmas.set("jsximportsource", { arguments: { factory: fallback } });
}
