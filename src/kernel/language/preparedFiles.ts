import { setJsxImportSource } from "./jsx.js";
import type { TypeScript, ts } from "./typescript.js";

/** What a program is to find in place of the files that its host has parsed. */
export interface FilePreparation {
  /** The virtual file of the cell. */
  readonly cellPath: string;
  /** Whether the cell is to be read with JSX. */
  cellHasJsx(): boolean;
  /** The package that makes JSX elements, where a file does not name one. */
  jsxImportSource(): string;
  /** Changes a file that was parsed. */
  readonly changes: readonly ((file: ts.SourceFile) => void)[];
}

/** Has a compiler host give out each file only after it was prepared; the same file again for the same file. */
export function prepareFiles(typescript: TypeScript, host: ts.CompilerHost, preparation: FilePreparation): void {
  const { cellPath, cellHasJsx, jsxImportSource, changes } = preparation;
  const { getSourceFile, getSourceFileByPath } = host;
  const withJsx = new WeakMap<ts.SourceFile, ts.SourceFile>();
  const readWithJsx = (file: ts.SourceFile): ts.SourceFile => {
    const known = withJsx.get(file);
    if (known) return known;
    const { fileName, text, languageVersion } = file;
    const { version } = file as ts.SourceFile & { readonly version: string };
    const read = typescript.createSourceFile(fileName, text, languageVersion, false, typescript.ScriptKind.TSX);
    const { path, resolvedPath, originalFileName } = file as unknown as Record<string, unknown>;
    withJsx.set(file, Object.assign(read, { version, path, resolvedPath, originalFileName }));
    return read;
  };
  const prepared = <File extends ts.SourceFile | undefined>(given: File): File => {
    if (!given) return given;
    const file = given.fileName === cellPath && cellHasJsx() ? readWithJsx(given) : given;
    if (
      !file.isDeclarationFile &&
      file.languageVariant === typescript.LanguageVariant.JSX &&
      !/\.js$/.test(file.fileName)
    ) {
      setJsxImportSource(file, jsxImportSource());
    }
    for (const change of changes) change(file);
    return file as File;
  };
  host.getSourceFile = (...given) => prepared(getSourceFile(...given));
  if (getSourceFileByPath) host.getSourceFileByPath = (...given) => prepared(getSourceFileByPath(...given));
}
