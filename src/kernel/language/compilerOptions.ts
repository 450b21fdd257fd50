import { createRequire } from "node:module";
import { dirname } from "node:path";
import { runtimeLibraries } from "./libraries.js";
import { packageFolder } from "./moduleResolution.js";
import type { TypeScript, ts } from "./typescript.js";

const require = createRequire(import.meta.url);

/** The options under which cells are checked: strict, as a bundler resolves, with what the running Node has. */
export function compilerOptions(
  typescript: TypeScript,
  { disableTopLevelAwait: _, noImplicitUseStrict: __, ...tslabs }: ts.CompilerOptions,
): ts.CompilerOptions {
  return {
    ...tslabs,
    strict: true,
    // The CommonJS pass writes "use strict".
    alwaysStrict: false,
    // JavaScript is not written for the type checker; a file that is says `// @ts-check`.
    checkJs: false,
    allowUnreachableCode: true,
    allowUnusedLabels: true,
    // The decorators of ECMAScript, not those of before.
    experimentalDecorators: false,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    rewriteRelativeImportExtensions: true,
    lib: runtimeLibraries(),
    // Only Node's types are there without an import, and always the same ones: two versions would contradict each other.
    typeRoots: [dirname(dirname(resolveNodeTypes()))],
    types: ["node"],
    inlineSourceMap: true,
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
