import { createRequire } from "node:module";
import type * as TypeScriptModule from "typescript";

/** The API of tslab's TypeScript fork (5.0.4), described by the types of the official package. */
export type TypeScript = typeof TypeScriptModule;
export type { TypeScriptModule as ts };

const require = createRequire(import.meta.url);
const tslabRequire = createRequire(require.resolve("tslab/dist/converter"));
const forkPath = tslabRequire.resolve("@tslab/typescript-for-tslab");

/** Loads tslab's TypeScript fork, 0.2 s the first time. */
export function loadTypeScript(): TypeScript {
  return require(forkPath) as TypeScript;
}

/**
 * Makes tslab's converter see `replacement` instead of its TypeScript. TypeScript's exports are getters that cannot be
 * redefined, so the cached module is exchanged; that reaches every later `require` in this thread, hence only the
 * language worker may call it, and before it loads the converter.
 */
export function replaceTypeScript(replacement: TypeScript): void {
  const cached = tslabRequire.cache[forkPath];
  if (!cached) throw new Error("replaceTypeScript: loadTypeScript must have been called before");
  cached.exports = replacement;
}
