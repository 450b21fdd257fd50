import type { ts } from "./typescript.js";

/**
 * Makes a compiler host forget what a file was parsed from first. TypeScript parses a file with `await` at its top level
 * twice and links the second result to the first as its `original`, which never gets a path: to write an `import("…")`
 * type into the file's declarations it then fails with "Paths must either both be absolute or both be relative".
 */
export function forgetFirstParse(host: ts.CompilerHost): void {
  const { getSourceFile, getSourceFileByPath } = host;
  const prepared = <File extends ts.SourceFile | undefined>(file: File): File => {
    if (file && "original" in file) file.original = undefined;
    return file;
  };
  host.getSourceFile = (...given) => prepared(getSourceFile(...given));
  if (getSourceFileByPath) host.getSourceFileByPath = (...given) => prepared(getSourceFileByPath(...given));
}
