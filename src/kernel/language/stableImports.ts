import type { ts } from "./typescript.js";

type Imports = readonly ts.StringLiteralLike[] | undefined;

/**
 * Makes a compiler host list each module that the carried declarations mention once, in alphabetical order.
 * TypeScript lists every `import("module").Type`; any change of the list makes it walk through all files of the program
 * again, 850 with tfjs, and nearly every cell adds a variable with such a type.
 *
 * @param path the virtual file with the declarations of earlier cells
 */
export function listImportsOnce(host: ts.CompilerHost, path: string): void {
  const { getSourceFile, getSourceFileByPath } = host;
  const prepared = <File extends ts.SourceFile | undefined>(file: File): File => {
    if (file?.fileName === path && !Object.getOwnPropertyDescriptor(file, "imports")?.set) holdSorted(file);
    return file;
  };
  host.getSourceFile = (...given) => prepared(getSourceFile(...given));
  if (getSourceFileByPath) host.getSourceFileByPath = (...given) => prepared(getSourceFileByPath(...given));
}

/** `imports` is internal: the program fills it when it first meets the file. */
function holdSorted(file: ts.SourceFile): void {
  let held: Imports;
  Object.defineProperty(file, "imports", {
    configurable: true,
    enumerable: true,
    get: () => held,
    set(imports: Imports) {
      const byText = new Map((imports ?? []).map((literal) => [literal.text, literal]));
      held = imports && [...byText.values()].toSorted((a, b) => (a.text < b.text ? -1 : 1));
    },
  });
}
