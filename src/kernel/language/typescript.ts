import Module, { createRequire } from "node:module";
import type * as TypeScriptModule from "typescript";

/** TypeScript's compiler API. */
export type TypeScript = typeof TypeScriptModule;
export type { TypeScriptModule as ts };

const require = createRequire(import.meta.url);
const tslabRequire = createRequire(require.resolve("tslab/dist/converter"));

/** Loads TypeScript, 0.2 s the first time. */
export function loadTypeScript(): TypeScript {
  return require("typescript") as TypeScript;
}

/**
 * Makes tslab's converter work with `replacement` instead of the fork of TypeScript 5.0 that it was written for, which
 * knows neither `using` nor import attributes. The fork itself is never loaded.
 */
export function replaceTypeScript(replacement: TypeScript): void {
  const path = tslabRequire.resolve("@tslab/typescript-for-tslab");
  const module = new Module(path);
  Object.assign(module, { filename: path, loaded: true, exports: replacement });
  tslabRequire.cache[path] = module;
}
