import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TypeScript, ts } from "./typescript.js";

/** The folder of this package: three levels above, both in `src` and in `dist`. */
export const packageFolder = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[\\/]$/, "");

/** What a watch host has to offer for module resolution of its own. */
export interface ModuleResolution {
  resolveModuleNameLiterals: NonNullable<ts.CompilerHost["resolveModuleNameLiterals"]>;
  hasInvalidatedResolutions: (path: ts.Path) => boolean;
  getModuleResolutionCache: () => ts.ModuleResolutionCache;
}

/**
 * Resolves `kontrast` to this package, whatever the notebook's folder, and all else from the importing file. What a
 * cell could not find is looked for again at the next cell: the user may have installed it meanwhile.
 *
 * @param cellPath the virtual file of the cell
 */
export function moduleResolution(
  typescript: TypeScript,
  host: ts.ModuleResolutionHost,
  options: ts.CompilerOptions,
  { folder, cellPath }: { folder: string; cellPath: string },
): ModuleResolution {
  let cache = typescript.createModuleResolutionCache(folder, (name) => name, options);
  let missedOne = false;
  const ownTypes: ts.ResolvedModuleWithFailedLookupLocations & { failedLookupLocations: string[] } = {
    resolvedModule: {
      resolvedFileName: join(packageFolder, "dist", "index.d.ts").replaceAll("\\", "/"),
      extension: typescript.Extension.Dts,
      isExternalLibraryImport: true,
    },
    failedLookupLocations: [],
  };
  return {
    resolveModuleNameLiterals(literals, containingFile, redirected, fileOptions) {
      return literals.map(({ text }) => {
        if (text === "kontrast") return ownTypes;
        const found = typescript.resolveModuleName(text, containingFile, fileOptions, host, cache, redirected);
        if (!found.resolvedModule && dirname(containingFile) === dirname(cellPath)) missedOne = true;
        return found;
      });
    },
    hasInvalidatedResolutions(path) {
      if (!missedOne || !path.toLowerCase().startsWith(dirname(cellPath).toLowerCase())) return false;
      cache = typescript.createModuleResolutionCache(folder, (name) => name, options);
      missedOne = false;
      return true;
    },
    getModuleResolutionCache: () => cache,
  };
}
