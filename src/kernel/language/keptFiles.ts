import type { ts } from "./typescript.js";

/**
 * Makes a watch host keep the parsed declaration files of packages for good. It would drop what the current program
 * does not need, and a cell without imports is a program without them: parsing tfjs takes a second.
 */
export function keepPackageFiles(host: ts.CompilerHost): void {
  // Internal: the program calls it for every file that it no longer has.
  const releasing = host as ts.CompilerHost & {
    onReleaseOldSourceFile?: (file: ts.SourceFile, ...rest: unknown[]) => void;
  };
  const release = releasing.onReleaseOldSourceFile;
  releasing.onReleaseOldSourceFile = (file, ...rest) => {
    if (!(file.isDeclarationFile && file.fileName.includes("/node_modules/"))) release?.(file, ...rest);
  };
}
