import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Converter, ConvertResult } from "tslab/dist/converter.js";
import { commonJsTranspiler } from "./commonJs.js";
import { allowUnnamedTypes } from "./declarationTypes.js";
import { guardPropertyNames } from "./earlierVariables.js";
import { keepPackageFiles } from "./keptFiles.js";
import { laterLibrary } from "./laterLibrary.js";
import { createLightBuilder } from "./lightBuilder.js";
import { moduleResolution, packageFolder } from "./moduleResolution.js";
import { forgetFirstParse } from "./reparsedFiles.js";
import { listImportsOnce } from "./stableImports.js";
import { loadTypeScript, replaceTypeScript, type TypeScript, type ts } from "./typescript.js";

const require = createRequire(import.meta.url);

/** tslab puts this line before every virtual file. */
export const prefix = "export {};\n";

/** tslab's converter, with its TypeScript. Everything of tslab that Kontrast touches is in this file. */
export interface Tslab {
  readonly typescript: TypeScript;
  /** Completes and explains; to convert, use {@link Tslab.convert}. */
  readonly converter: Pick<Converter, "complete" | "inspect">;
  /** The virtual file that holds the cell. */
  readonly cellPath: string;
  /**
   * Converts a cell. `refused` are the diagnostics for which `isError` is true, as the compiler wrote them (tslab itself
   * tears messages apart); without any, `result` is complete.
   */
  convert(
    declarations: string,
    code: string,
    isError: (diagnostic: ts.Diagnostic) => boolean,
  ): { result: ConvertResult; refused: readonly ts.Diagnostic[] };
}

/** `createWatchCompilerHost` in the form tslab calls. */
type CreateHost = (
  rootFiles: string[],
  options: ts.CompilerOptions,
  system: ts.System,
  ...rest: unknown[]
) => ts.WatchCompilerHostOfFilesAndCompilerOptions<ts.BuilderProgram>;

/**
 * Loads tslab 1.0.22 with what it has no options for: `strict`, `bundler` resolution, source maps, `await` and
 * `for await` at the top level of a cell, and `kontrast` from this package. It reads the options from a TypeScript that
 * is wrapped here; call it once in a thread, the language worker's.
 *
 * @param folder the notebook's; imports are resolved from here
 */
export function loadTslab({ folder }: { folder: string }): Tslab {
  const original = loadTypeScript();
  const cellPath = join(folder, "__tslab__.ts").replaceAll("\\", "/");
  const declarationsPath = join(folder, "__prev__.d.ts").replaceAll("\\", "/");
  const libraryPath = join(folder, "__kontrast__.d.ts").replaceAll("\\", "/");
  let isRefused: (diagnostic: ts.Diagnostic) => boolean = () => true;
  let refused: readonly ts.Diagnostic[] = [];
  let checked: ts.Program | undefined;

  const createWatchCompilerHost: CreateHost = (rootFiles, options, system, _createProgram, ...rest) => {
    const readFile = system.readFile;
    const watchFile = system.watchFile;
    system.readFile = (path, encoding) => (path === libraryPath ? laterLibrary : readFile(path, encoding));
    // Packages do not change while a notebook runs, and a watcher for each of their files is not cheap.
    system.watchFile = (path, ...given) =>
      path.includes("/node_modules/") || path === libraryPath || !path.startsWith(folder)
        ? { close: () => undefined }
        : (watchFile?.(path, ...given) ?? { close: () => undefined });
    system.watchDirectory = () => ({ close: () => undefined });
    const settings = compilerOptions(original, options);
    const prepared = new WeakSet<ts.CompilerHost>();
    const createProgram = (...given: Parameters<typeof original.createAbstractBuilder>) => {
      const compilerHost = given[2] as ts.CompilerHost;
      if (!prepared.has(compilerHost)) {
        keepPackageFiles(compilerHost);
        listImportsOnce(compilerHost, declarationsPath);
        forgetFirstParse(compilerHost);
        prepared.add(compilerHost);
      }
      return guardEmit(original, createLightBuilder(original, ...given), { cellPath, declarationsPath });
    };
    const create = original.createWatchCompilerHost as unknown as CreateHost;
    const host = create([...rootFiles, libraryPath], settings, system, createProgram, ...rest);
    return Object.assign(host, moduleResolution(original, system, settings, { folder, cellPath }));
  };

  const wrapped = {
    ...original,
    sys: Object.assign(Object.create(original.sys), { getCurrentDirectory: () => folder }),
    createWatchCompilerHost,
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
  };
  replaceTypeScript(wrapped as unknown as TypeScript);
  const { createConverter } = require("tslab/dist/converter") as { createConverter(): Converter };
  const converter = createConverter();
  return {
    typescript: original,
    converter,
    cellPath,
    convert(declarations, code, isError) {
      isRefused = isError;
      const result = converter.convert(declarations, code);
      // What tslab makes of an absent declaration file. The reason is asked for only now: it is as dear as the file.
      if (result.declOutput?.startsWith("undefined")) {
        refused = checked?.getDeclarationDiagnostics(checked.getSourceFile(cellPath)) ?? [];
      }
      return { result, refused };
    },
  };
}

function compilerOptions(typescript: TypeScript, tslabs: ts.CompilerOptions): ts.CompilerOptions {
  const nodeTypes = dirname(dirname(resolveNodeTypes()));
  return {
    ...tslabs,
    strict: true,
    // Contradicts tslab's noImplicitUseStrict; the CommonJS pass writes "use strict".
    alwaysStrict: false,
    allowUnreachableCode: true,
    allowUnusedLabels: true,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts"],
    // Only Node's types are there without an import, and always the same ones: two versions would contradict each other.
    typeRoots: [nodeTypes],
    types: ["node"],
    inlineSourceMap: true,
    // The fork's own option: `await` at the top level would be an error that tslab filters again, not exactly enough.
    disableTopLevelAwait: false,
  };
}

/** `package.json` of Node's types: our own, or those that tslab depends on. */
function resolveNodeTypes(): string {
  try {
    return require.resolve("@types/node/package.json", { paths: [packageFolder] });
  } catch {
    return require.resolve("@types/node/package.json", { paths: [require.resolve("tslab/dist/converter")] });
  }
}

/** Has property names guarded in the cell before tslab's own transformers see it. */
function guardEmit(
  typescript: TypeScript,
  builder: ts.BuilderProgram,
  { cellPath, declarationsPath }: { cellPath: string; declarationsPath: string },
): ts.BuilderProgram {
  const emit = builder.emit;
  builder.emit = (file, writeFile, cancellation, onlyDeclarations, transformers) => {
    const program = builder.getProgram();
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
