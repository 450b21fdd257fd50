import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lent } from "./lent.js";
import type { TypeScript, ts } from "./typescript.js";

/** The folder of this package: three levels above, both in `src` and in `dist`. */
export const packageFolder = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[\\/]$/, "");

/** This package under the names that cells import it by, whatever their folder has. */
export const ownModules = ["kontrast", "tslab"] as const;

/** Module resolution for the cells of a notebook. */
export interface ModuleResolution {
  /** What a watch host takes over. */
  readonly host: {
    resolveModuleNameLiterals: NonNullable<ts.CompilerHost["resolveModuleNameLiterals"]>;
    hasInvalidatedResolutions: (path: ts.Path) => boolean;
    getModuleResolutionCache: () => ts.ModuleResolutionCache;
  };
  /** Creates a program; what was not found for the one before is looked for again. */
  during<Program>(createProgram: () => Program): Program;
  /** The package that makes JSX elements: React where the notebook has it with its types, else Preact. */
  jsxImportSource(): string;
}

/**
 * Resolves `kontrast` and `tslab` to this package, whatever the notebook's folder, and all else from the importing file.
 * What a cell could not find is looked for again at the next cell: the user may have installed it meanwhile.
 *
 * @param cellPath the virtual file of the cell
 */
export function moduleResolution(
  typescript: TypeScript,
  host: ts.ModuleResolutionHost,
  options: ts.CompilerOptions,
  { folder, cellPath }: { folder: string; cellPath: string },
): ModuleResolution {
  const newCache = () => typescript.createModuleResolutionCache(folder, (name) => name, options);
  let cache = newCache();
  let missedOne = false;
  let looksAgain = false;
  const inPackage = join(packageFolder, "package.json");
  const ownTypes: Record<(typeof ownModules)[number], ReturnType<typeof declarationFile>> = {
    kontrast: declarationFile(typescript, "index"),
    tslab: declarationFile(typescript, join("display", "tslab")),
  };
  const resolve = (name: string, from: string, given: ts.CompilerOptions, redirected?: ts.ResolvedProjectReference) => {
    if (Object.hasOwn(ownTypes, name)) return ownTypes[name as keyof typeof ownTypes];
    const found = typescript.resolveModuleName(name, from, given, host, cache, redirected);
    if (found.resolvedModule || !lent.test(name)) return found;
    return typescript.resolveModuleName(name, inPackage, given, host, cache);
  };
  return {
    host: {
      resolveModuleNameLiterals(literals, containingFile, redirected, fileOptions) {
        return literals.map(({ text }) => {
          const found = resolve(text, containingFile, fileOptions, redirected);
          if (!found.resolvedModule && dirname(containingFile) === dirname(cellPath)) missedOne = true;
          return found;
        });
      },
      hasInvalidatedResolutions: (path) =>
        (missedOne || looksAgain) && path.toLowerCase().startsWith(dirname(cellPath).toLowerCase()),
      getModuleResolutionCache: () => cache,
    },
    during(createProgram) {
      looksAgain = missedOne;
      if (missedOne) cache = newCache();
      missedOne = false;
      try {
        return createProgram();
      } finally {
        looksAgain = false;
      }
    },
    jsxImportSource() {
      const react = typescript.resolveModuleName("react/jsx-runtime", cellPath, options, host, newCache());
      return react.resolvedModule?.resolvedFileName.endsWith(".d.ts") ? "react" : "preact";
    },
  };
}

function declarationFile(
  typescript: TypeScript,
  name: string,
): ts.ResolvedModuleWithFailedLookupLocations & { failedLookupLocations: string[] } {
  return {
    resolvedModule: {
      resolvedFileName: join(packageFolder, "dist", `${name}.d.ts`).replaceAll("\\", "/"),
      extension: typescript.Extension.Dts,
      isExternalLibraryImport: true,
    },
    failedLookupLocations: [],
  };
}
