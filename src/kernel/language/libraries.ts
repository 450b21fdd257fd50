/** Objects of the running Node's by their names in the language, such as `String.prototype`. */
function found(path: string): object | undefined {
  let owner: unknown = globalThis;
  for (const name of path.split(".")) owner = (owner as Record<string, unknown> | undefined)?.[name];
  return owner === null || owner === undefined ? undefined : Object(owner);
}

/** Members that a library of TypeScript's declares, by the object that has them: `Set.prototype`: `union`, … */
type Declared = Readonly<Record<string, readonly string[]>>;

/** What is newer than ES2023. A library counts when all of this is there; those that declare no values are left out. */
const later: Readonly<Record<string, Declared>> = {
  "es2024.arraybuffer": { "ArrayBuffer.prototype": ["resize", "transfer", "transferToFixedLength"] },
  "es2024.collection": { Map: ["groupBy"] },
  "es2024.object": { Object: ["groupBy"] },
  "es2024.promise": { Promise: ["withResolvers"] },
  "es2024.regexp": { "RegExp.prototype": ["unicodeSets"] },
  "es2024.sharedmemory": { Atomics: ["waitAsync"], "SharedArrayBuffer.prototype": ["grow"] },
  "es2024.string": { "String.prototype": ["isWellFormed", "toWellFormed"] },
  "esnext.array": { Array: ["fromAsync"] },
  "esnext.collection": { "Set.prototype": ["union", "isSubsetOf"] },
  "esnext.decorators": { Symbol: ["metadata"] },
  // Its stacks came later than the symbols, which `using` needs.
  "esnext.disposable": { Symbol: ["dispose", "asyncDispose"] },
  "esnext.error": { Error: ["isError"] },
  "esnext.float16": { globalThis: ["Float16Array"], Math: ["f16round"] },
  "esnext.iterator": { Iterator: ["from"], "Iterator.prototype": ["map"] },
  "esnext.promise": { Promise: ["try"] },
  "esnext.sharedmemory": { Atomics: ["pause"] },
};

/** TypeScript's libraries for what the running Node has, as the option `lib` names them. */
export function runtimeLibraries(): string[] {
  const isThere = (declared: Declared) =>
    Object.entries(declared).every(([path, names]) => {
      const owner = found(path);
      return owner !== undefined && names.every((name) => name in owner);
    });
  const names = Object.keys(later).filter((library) => isThere(later[library] as Declared));
  return ["es2023", ...names].map((name) => `lib.${name}.d.ts`);
}
