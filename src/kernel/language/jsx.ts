import type { TypeScript, ts } from "./typescript.js";

/** A pragma of a file, as TypeScript keeps it. */
type Pragmas = Map<string, { readonly arguments: { readonly factory: string } }>;

/**
 * Whether a cell can only be read with JSX. `<T>value` and `<T>(x: T) => x` mean something else there, so that cells
 * without JSX are read without it.
 */
export function needsJsx(typescript: TypeScript, code: string): boolean {
  if (!/<[\p{ID_Start}>]/u.test(code)) return false;
  const errorsAs = (name: string) => {
    const file = typescript.createSourceFile(name, code, typescript.ScriptTarget.Latest);
    return (file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics.length;
  };
  const without = errorsAs("cell.ts");
  return without > 0 && errorsAs("cell.tsx") < without;
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
