import type { TypeScript, ts } from "./typescript.js";

/** Folders that nobody imports from by a path. */
const hidden = /^(\..*|node_modules)$/;

/**
 * What TypeScript's completion asks its language service host for: the options, and the files beside the notebook. The
 * host that tslab hands over is an empty object.
 */
export function completionHost({ sys }: TypeScript, program: ts.Program, folder: string): object {
  return {
    getCompilationSettings: () => program.getCompilerOptions(),
    getCurrentDirectory: () => folder,
    useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    fileExists: sys.fileExists,
    readFile: sys.readFile,
    readDirectory: sys.readDirectory,
    directoryExists: sys.directoryExists,
    getDirectories: (path: string) => sys.getDirectories(path).filter((name) => !hidden.test(name)),
    realpath: sys.realpath,
    log: () => undefined,
  };
}
