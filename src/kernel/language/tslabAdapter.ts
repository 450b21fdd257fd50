import { createRequire } from "node:module";
import { join } from "node:path";
import type { Converter, ConvertResult } from "tslab/dist/converter.js";
import { AmbientFiles } from "./ambientFiles.js";
import { carriedNamespaces } from "./carriedNamespaces.js";
import { commonJsTranspiler } from "./commonJs.js";
import { compilerOptions } from "./compilerOptions.js";
import { allowUnnamedTypes } from "./declarationTypes.js";
import { assignedNames, localsOf } from "./declaredNames.js";
import { keepEarlierTypes } from "./earlierTypes.js";
import { guardPropertyNames } from "./earlierVariables.js";
import { globalDeclarations } from "./globalDeclarations.js";
import { hoistedVariables } from "./hoistedVariables.js";
import { needsJsx } from "./jsx.js";
import { keepPackageFiles } from "./keptFiles.js";
import { createLightBuilder, nameLister } from "./lightBuilder.js";
import { LocalFiles } from "./localFiles.js";
import { moduleResolution } from "./moduleResolution.js";
import { pathForTslab } from "./outsideFiles.js";
import { prepareFiles } from "./preparedFiles.js";
import { type Explanation, quickInfo } from "./quickInfo.js";
import { forgetFirstParse } from "./reparsedFiles.js";
import { separateComments } from "./sameLineComments.js";
import { listImportsOnce } from "./stableImports.js";
import { tslabTypeScript } from "./tslabTypeScript.js";
import { loadTypeScript, replaceTypeScript, type TypeScript, type ts } from "./typescript.js";
import { withoutGlobals } from "./withoutGlobals.js";

const require = createRequire(import.meta.url);

/** tslab puts this line before every virtual file. */
export const prefix = "export {};\n";

/** tslab's converter, with its TypeScript. Everything of tslab that Kontrast touches is in this file. */
export interface Tslab {
  readonly typescript: TypeScript;
  /** Looks whether local files have changed; says whether one has. */
  refresh(): boolean;
  readonly complete: Converter["complete"];
  inspect(declarations: string, code: string, cursor: number, detail: 0 | 1): Explanation | undefined;
  /** The virtual file that holds the cell. */
  readonly cellPath: string;
  /**
   * Converts a cell. `refused` are the diagnostics for which `isError` is true, as the compiler wrote them (tslab itself
   * tears messages apart); without any, `result` is complete, and `assigned` are the names that have a value once the cell
   * has run.
   */
  convert(
    declarations: string,
    code: string,
    isError: (diagnostic: ts.Diagnostic) => boolean,
  ): { result: ConvertResult; refused: readonly ts.Diagnostic[]; assigned: readonly string[] };
}

const isDeclaration = (path: string) => /\.d\.[cm]?ts$/.test(path);

/** `createWatchCompilerHost` in the form tslab calls. */
type CreateHost = (
  rootFiles: string[],
  options: ts.CompilerOptions,
  system: ts.System,
  ...rest: unknown[]
) => ts.WatchCompilerHostOfFilesAndCompilerOptions<ts.BuilderProgram>;

/**
 * Loads tslab 1.0.22 with what it has no options for: today's TypeScript, `strict`, `bundler` resolution, source maps,
 * JSX, `await` and `for await` at the top level of a cell, and `kontrast` from this package. It reads all that from a
 * TypeScript that is wrapped here; call it once in a thread, the language worker's.
 *
 * @param folder the notebook's; imports are resolved from here
 */
export function loadTslab({ folder }: { folder: string }): Tslab {
  const original = loadTypeScript();
  const cellPath = join(folder, "__tslab__.ts").replaceAll("\\", "/");
  const declarationsPath = join(folder, "__prev__.d.ts").replaceAll("\\", "/");
  const localFiles = new LocalFiles(original);
  const ambientFiles = new AmbientFiles(folder);
  let isRefused: (diagnostic: ts.Diagnostic) => boolean = () => true;
  let refused: readonly ts.Diagnostic[] = [];
  let checked: ts.Program | undefined;
  let cellHasJsx = false;
  /** A cell of which the converter will now ask the names that it declares, and nothing else. */
  let namesOf: string | undefined;
  let detailOfInspection: 0 | 1 = 0;

  const createWatchCompilerHost: CreateHost = (rootFiles, options, system, _createProgram, ...rest) => {
    const watchFile = system.watchFile;
    // Packages do not change while a notebook runs, and to look at each of their files is not cheap.
    system.watchFile = (path, ...given) =>
      path.includes("/node_modules/") || (isDeclaration(path) && !path.startsWith(folder))
        ? { close: () => undefined }
        : (watchFile?.(path, ...given) ?? { close: () => undefined });
    system.watchDirectory = () => ({ close: () => undefined });
    const settings = compilerOptions(original, options);
    const resolution = moduleResolution(original, system, settings, { folder, cellPath });
    const preparation = {
      cellPath,
      cellHasJsx: () => cellHasJsx,
      jsxImportSource: () => resolution.jsxImportSource(),
      changes: [forgetFirstParse, (file: ts.SourceFile) => file.fileName === declarationsPath && listImportsOnce(file)],
    };
    const prepared = new WeakSet<ts.CompilerHost>();
    const createProgram = (...given: Parameters<typeof original.createAbstractBuilder>) => {
      const listing = namesOf === undefined ? undefined : nameLister(original, given[3], cellPath, namesOf);
      namesOf = undefined;
      if (listing) return listing;
      const compilerHost = given[2] as ts.CompilerHost;
      if (!prepared.has(compilerHost)) {
        keepPackageFiles(compilerHost);
        prepareFiles(original, compilerHost, preparation);
        prepared.add(compilerHost);
      }
      const [roots, ...others] = given;
      const withAmbient = [...((roots ?? []) as readonly string[]), ...ambientFiles.paths()];
      const builder = resolution.during(() => createLightBuilder(original, withAmbient, ...others));
      return guardEmit(original, builder, { cellPath, declarationsPath });
    };
    const create = original.createWatchCompilerHost as unknown as CreateHost;
    const host = create(rootFiles, settings, system, createProgram, ...rest);
    return Object.assign(host, resolution.host);
  };

  const wrapped = tslabTypeScript(original, folder, {
    sys: Object.assign(Object.create(original.sys), {
      getCurrentDirectory: () => folder,
      watchFile: (path: string, changed: ts.FileWatcherCallback) => localFiles.watch(path, changed),
    }),
    createWatchCompilerHost,
    getQuickInfoAtPosition(file: ts.SourceFile, checker: ts.TypeChecker, _cancellation: unknown, position: number) {
      // The converter moves it to the cell's own coordinates, and here nobody asks for it.
      const found = quickInfo(original, checker, file, position, detailOfInspection);
      return found && { ...found, textSpan: undefined };
    },
    transpileModule: commonJsTranspiler(original, "__tslab__.ts"),
    getPreEmitDiagnosticsOfFiles(program: ts.Program, files: readonly ts.SourceFile[]) {
      allowUnnamedTypes(original, program);
      checked = program;
      // What a half-read cell means is guesswork: with syntax errors there are no others.
      const syntactic = files.flatMap((file) => program.getSyntacticDiagnostics(file));
      const all = syntactic.length > 0 ? syntactic : files.flatMap((file) => program.getSemanticDiagnostics(file));
      refused = all.filter(isRefused);
      return refused;
    },
  });
  replaceTypeScript(wrapped);
  const { createConverter } = require("tslab/dist/converter") as { createConverter(): Converter };
  const converter = createConverter();
  const read = (code: string) => {
    cellHasJsx = needsJsx(original, code);
  };
  /** What tslab carries to the next cell, and what it leaves out. */
  const carry = (before: string, carried: string, code: string, cell: ts.SourceFile, checker: ts.TypeChecker) => {
    const declared = localsOf(cell);
    const hoisted = hoistedVariables(original, checker, cell);
    const own = globalDeclarations(original, separateComments(carried, code) + hoisted, cell);
    const after = own + carriedNamespaces(original, before, own, declared);
    return keepEarlierTypes(original, { before, after, declared });
  };
  return {
    typescript: original,
    cellPath,
    refresh: () => localFiles.refresh(),
    complete(declarations, code, cursor) {
      read(code);
      // At the very end of a file TypeScript takes the cursor to be outside, where the cell's own names are unknown.
      return converter.complete(declarations, `${code}\n`, cursor);
    },
    inspect(declarations, code, cursor, detail) {
      read(code);
      detailOfInspection = detail;
      return converter.inspect(declarations, code, cursor) as Explanation | undefined;
    },
    convert(earlier, code, isError) {
      const declarations = withoutGlobals(original, earlier, code);
      read(code);
      isRefused = isError;
      namesOf = prefix + code;
      const result = converter.convert(declarations, code);
      // What tslab makes of an absent declaration file. The reason is asked for only now: it is as dear as the file.
      const cell = checked?.getSourceFile(cellPath);
      if (result.declOutput?.startsWith("undefined")) refused = checked?.getDeclarationDiagnostics(cell) ?? [];
      if (!checked || !cell || result.declOutput === undefined) return { result, refused, assigned: [] };
      const checker = checked.getTypeChecker();
      const declOutput = carry(declarations, result.declOutput, code, cell, checker);
      return { result: { ...result, declOutput }, refused, assigned: assignedNames(original, checker, cell) };
    },
  };
}

/**
 * Has property names guarded in the cell before tslab's own transformers see it, and gives tslab `x.mjs` and `x.cjs` of
 * local files as `x.mjs.js` and `x.cjs.js`, since it looks at nothing else.
 */
function guardEmit(
  typescript: TypeScript,
  builder: ts.BuilderProgram,
  { cellPath, declarationsPath }: { cellPath: string; declarationsPath: string },
): ts.BuilderProgram {
  const emit = builder.emit;
  const program = builder.getProgram();
  const { outDir = "" } = program.getCompilerOptions();
  builder.emit = (file, given, cancellation, onlyDeclarations, transformers) => {
    const writeFile: ts.WriteFileCallback | undefined =
      given && ((path, ...rest) => given(pathForTslab(path.replace(/\.[mc]js$/, "$&.js"), outDir), ...rest));
    const declarations = program.getSourceFile(declarationsPath);
    if (!declarations || file?.fileName !== cellPath) return emit(file, writeFile, cancellation, onlyDeclarations);
    const guard = guardPropertyNames(typescript, program.getTypeChecker(), declarations);
    return emit(file, writeFile, cancellation, onlyDeclarations, {
      ...transformers,
      before: [guard, ...(transformers?.before ?? [])],
    });
  };
  return builder;
}
