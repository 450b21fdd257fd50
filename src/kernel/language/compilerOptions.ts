import { createRequire } from "node:module";
import { dirname } from "node:path";
import { packageFolder } from "./moduleResolution.js";
import type { TypeScript, ts } from "./typescript.js";

const require = createRequire(import.meta.url);

/** What a Node release has that is newer than its ECMAScript edition, by the names of TypeScript's libraries. */
const laterLibraries: readonly (readonly [since: number, library: string])[] = [
  [20, "esnext.disposable"],
  [20, "esnext.decorators"],
  [22, "es2024"],
  [22, "esnext.array"],
  [22, "esnext.collection"],
  [22, "esnext.iterator"],
  [24, "esnext.promise"],
  [24, "esnext.float16"],
  [24, "esnext.error"],
];

/** The options under which cells are checked: strict, as a bundler resolves, with what the running Node has. */
export function compilerOptions(
  typescript: TypeScript,
  { disableTopLevelAwait: _, noImplicitUseStrict: __, ...tslabs }: ts.CompilerOptions,
): ts.CompilerOptions {
  const node = Number.parseInt(process.versions.node, 10);
  const libraries = ["es2023", ...laterLibraries.filter(([since]) => node >= since).map(([, library]) => library)];
  return {
    ...tslabs,
    strict: true,
    // The CommonJS pass writes "use strict".
    alwaysStrict: false,
    allowUnreachableCode: true,
    allowUnusedLabels: true,
    // The decorators of ECMAScript, not those of before.
    experimentalDecorators: false,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    rewriteRelativeImportExtensions: true,
    lib: libraries.map((name) => `lib.${name}.d.ts`),
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
