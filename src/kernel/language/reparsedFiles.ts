import type { ts } from "./typescript.js";

/**
 * Makes a file forget what it was parsed from first. TypeScript parses a file with `await` at its top level twice and
 * links the second result to the first as its `original`, which never gets a path: to write an `import("…")` type into
 * the file's declarations it then fails with "Paths must either both be absolute or both be relative".
 */
export function forgetFirstParse(file: ts.SourceFile): void {
  if ("original" in file) file.original = undefined;
}
