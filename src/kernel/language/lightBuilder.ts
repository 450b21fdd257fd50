import { localsOf } from "./declaredNames.js";
import { needsJsx } from "./jsx.js";
import type { TypeScript, ts } from "./typescript.js";

/** Internals of TypeScript that the light builder needs. */
interface Binder {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
}
interface ResolvingProgram {
  forEachResolvedModule(
    visit: (resolution: { resolvedModule?: ts.ResolvedModuleFull }) => void,
    file: ts.SourceFile,
  ): void;
}

/**
 * The builder tslab gets for every program. TypeScript's own computes which file depends on which, for all files: with
 * the types of tfjs 150 ms at every cell. This one answers that question for the few files it is asked about, and binds
 * a file that tslab wants to see the variables of without setting up a type checker.
 */
export function createLightBuilder(
  typescript: TypeScript,
  ...given: Parameters<typeof typescript.createAbstractBuilder>
): ts.BuilderProgram {
  const builder = typescript.createAbstractBuilder(...given);
  const getSourceFile = builder.getSourceFile;
  return Object.assign(builder, {
    getSourceFile(fileName: string) {
      const file = getSourceFile(undisguised(fileName));
      if (file) (typescript as unknown as Binder).bindSourceFile(file, builder.getCompilerOptions());
      return file;
    },
    getAllDependencies: (file: ts.SourceFile) => localDependencies(builder.getProgram(), file),
  });
}

/**
 * tslab makes two programs for a cell that declares something, the first only to see which names. This stands in for
 * that one: the program of the cell before, with the names of the new one, 10 ms sooner.
 *
 * @param before the builder of the cell before; without one there is nothing to stand on
 * @param text the virtual file of the new cell
 */
export function nameLister(
  typescript: TypeScript,
  before: unknown,
  cellPath: string,
  text: string,
): ts.BuilderProgram | undefined {
  const builder = before as ts.BuilderProgram | undefined;
  if (!builder?.getSourceFile) return undefined;
  const kind = needsJsx(typescript, text) ? typescript.ScriptKind.TSX : typescript.ScriptKind.TS;
  const cell = typescript.createSourceFile(cellPath, text, typescript.ScriptTarget.Latest, false, kind);
  (typescript as unknown as Binder).bindSourceFile(cell, builder.getCompilerOptions());
  if (localsOf(cell).size === 0) return undefined;
  const { getSourceFile } = builder;
  // With its list of names it would be the program of the cell before, and TypeScript would make none.
  if (getSourceFile.call(builder, cellPath)?.text.startsWith(`${text}\nexport {`)) return undefined;
  return Object.assign(Object.create(builder) as ts.BuilderProgram, {
    getSourceFile: (fileName: string) => (fileName === cellPath ? cell : getSourceFile.call(builder, fileName)),
  });
}

/** The file and all files that are not declarations and that it imports, directly or through one another. */
function localDependencies(program: ts.Program, file: ts.SourceFile): string[] {
  const found = new Set<ts.SourceFile>([file]);
  // A set that grows while it is walked through is walked through to its end.
  for (const importing of found) {
    (program as ts.Program & ResolvingProgram).forEachResolvedModule(({ resolvedModule }) => {
      if (!resolvedModule || resolvedModule.isExternalLibraryImport) return;
      const imported = program.getSourceFile(resolvedModule.resolvedFileName);
      if (imported && !imported.isDeclarationFile) found.add(imported);
    }, importing);
  }
  return [...found].map(({ fileName }) => disguised(fileName));
}

/** tslab converts local files whose names end with `.ts` or `.js`; under such a name it takes the others, too. */
export function disguised(fileName: string): string {
  return /\.(tsx|jsx|mts|cts|mjs)$/.test(fileName) ? `${fileName}.ts` : fileName;
}

function undisguised(fileName: string): string {
  return fileName.replace(/(\.(?:tsx|jsx|mts|cts|mjs))\.ts$/, "$1");
}
