import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";
import { awaitedName, recordName } from "../language/moduleRecord.js";
import { causingCell } from "./causes.js";
import { ChangedModules } from "./changedModules.js";
import type { SideModule } from "./protocol.js";
import { resolveImported, resolveRequired } from "./resolution.js";
import { addSourceMap } from "./stackTraces.js";
import { Waiting } from "./waiting.js";

/** Why `require` cannot have an ES module that `import` can: it awaits at its top level, or is for `import` alone. */
const asynchronous = ["ERR_REQUIRE_ASYNC_MODULE", "ERR_REQUIRE_ESM", "ERR_PACKAGE_PATH_NOT_EXPORTED"];

/** What converted code runs with; its `module`, too. */
export interface ModuleRecord extends Waiting {
  exports: Record<string, unknown>;
  readonly filename: string;
  /** A static import: waits for modules that cannot be had at once. */
  load(id: string): Promise<unknown>;
  /** `import()`. */
  import(id: string): Promise<unknown>;
  readonly importMeta: ImportMeta;
}

/** A local file that runs or has run. */
interface Loading {
  readonly record: ModuleRecord;
  /** Resolves with `false` if the cell that loads it is given up; rejects if the file fails. */
  readonly isLoaded: Promise<boolean>;
}

type Converted = Pick<SideModule, "javascript" | "sourceMap">;

/** Code around other code. */
export interface Around {
  /** One line. */
  readonly before: string;
  readonly after: string;
}

type Namespace = Record<string, unknown>;

/**
 * Modules for cells. They are found from the notebook's folder, except `kontrast` and `tslab`, which are always of the
 * package that the kernel belongs to, and local TypeScript files, which the language service has converted.
 */
export class CellModules {
  readonly #sources = new Map<string, SideModule>();
  readonly #loading = new Map<string, Loading>();
  readonly #importers = new Map<string, Set<string>>();
  /** The file that a file is importing just now. */
  readonly #waiting = new Map<string, string>();
  readonly #imported = new Map<string, Namespace>();
  readonly #changed = new ChangedModules();

  /**
   * Takes new or changed local files; they, and the files that import them, run again when they are next imported. So do
   * changed files that need no conversion, and those that import them.
   */
  add(modules: readonly SideModule[]): void {
    for (const path of this.#changed.forget()) this.#forget(path);
    for (const module of modules) {
      this.#sources.set(module.path, module);
      this.#forget(module.path);
    }
  }

  /** The record of a file or cell that imports from its folder. */
  record(filename: string, exports: Record<string, unknown> = {}): ModuleRecord {
    const require = this.#requireFor(filename);
    const waiting = new Waiting();
    // What a cell that was given up began now would never end, and others would wait for it.
    const load = (id: string) => (waiting.isGivenUp ? waiting.never : this.#load(id, filename, require));
    return Object.assign(waiting, {
      exports,
      filename,
      load,
      import: async (id: string) => asNamespace(await load(String(id))),
      importMeta: Object.assign(Object.create(null), {
        url: pathToFileURL(filename).href,
        filename,
        dirname: dirname(filename),
        resolve: (id: string) => resolveImported(id, filename),
      }) as ImportMeta,
    });
  }

  /**
   * Compiles converted code, which is the body of an async function.
   *
   * @param around what is put around the body; errors have the lines that they have without it
   * @returns runs it; what it is given comes after the code's own parameters, as `arguments[7…]`
   */
  compile(
    { javascript, sourceMap }: Converted,
    record: ModuleRecord,
    around: Around = { before: "", after: "" },
  ): (...given: unknown[]) => Promise<unknown> {
    const { exports, filename } = record;
    const parameters = `exports, require, module, __filename, __dirname, ${recordName}, ${awaitedName}`;
    const code = `(async function (${parameters}) { ${around.before}\n${javascript}\n${around.after} })`;
    addSourceMap(filename, code, sourceMap);
    const script = new Script(code, {
      filename,
      lineOffset: -1,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const body = script.runInThisContext() as (...parameters: unknown[]) => Promise<unknown>;
    const require = this.#requireFor(filename);
    return (...given) => body(exports, require, record, filename, dirname(filename), record, undefined, ...given);
  }

  /** `require` for the code of a file or cell. */
  #requireFor(filename: string): NodeJS.Require {
    const require = createRequire(join(dirname(filename), "notebook.cjs"));
    const resolve = (id: string, options?: { paths?: string[] }) => resolveRequired(id, require, options);
    const load = (id: string) => {
      const path = resolve(id);
      this.#noteImporter(path, filename);
      try {
        return require(path);
      } finally {
        this.#changed.note();
      }
    };
    return Object.assign(load, require, { resolve: Object.assign(resolve, require.resolve) });
  }

  async #load(id: string, importer: string, require: NodeJS.Require): Promise<unknown> {
    const local = this.#localFile(id, importer);
    if (local !== undefined) {
      this.#noteImporter(local, importer);
      this.#waiting.set(importer, (this.#sources.get(local) as SideModule).source);
      try {
        return await this.#run(local, importer);
      } finally {
        this.#waiting.delete(importer);
      }
    }
    const key = `${dirname(importer)}\u0000${id}`;
    const known = this.#imported.get(key);
    if (known) return known;
    try {
      return require(id);
    } catch (error) {
      if (!asynchronous.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      const namespace = asRequired(await importFrom(importer, id));
      this.#imported.set(key, namespace);
      return namespace;
    }
  }

  /** The converted file that a relative name means. */
  #localFile(id: string, importer: string): string | undefined {
    if (!/^\.{0,2}\//.test(id)) return undefined;
    const path = resolve(dirname(importer), id);
    const stem = path.replace(/\.[jt]sx?$/, "");
    const candidates = [path, `${path}.js`, `${stem}.js`, `${stem}.mjs.js`, join(path, "index.js")];
    return candidates.find((candidate) => this.#sources.has(candidate));
  }

  async #run(path: string, importer: string): Promise<unknown> {
    const known = this.#loading.get(path);
    if (known) {
      // Files that import each other in a circle find what there is so far.
      const isThere = this.#waitsFor(known.record.filename, importer) || (await known.isLoaded);
      // Not the doing of this cell: what another one has left half done begins anew.
      return isThere ? known.record.exports : this.#run(path, importer);
    }
    const converted = this.#sources.get(path) as SideModule;
    const { source } = converted;
    const record = this.record(source);
    const run = this.compile(converted, record);
    const { promise: isLoaded, resolve: settle } = deferred<boolean>();
    const loading: Loading = { record, isLoaded };
    const leave = (end: boolean | Promise<never>) => {
      if (this.#loading.get(path) === loading) this.#loading.delete(path);
      this.#waiting.delete(source);
      settle(end);
    };
    const whenGivenUp = causingCell()?.whenGivenUp;
    const giveUp = () => leave(false);
    // Before it runs: it may import a file that imports it.
    this.#loading.set(path, loading);
    whenGivenUp?.add(giveUp);
    try {
      await run();
      settle(true);
    } catch (error) {
      leave(Promise.reject(error));
      // It is told here, whether another file waits for it or not.
      isLoaded.catch(() => undefined);
      throw error;
    } finally {
      whenGivenUp?.delete(giveUp);
    }
    return record.exports;
  }

  /** Whether a file, through those that it is loading, waits for another. */
  #waitsFor(path: string, other: string): boolean {
    for (let at: string | undefined = path; at !== undefined; at = this.#waiting.get(at)) {
      if (at === other) return true;
    }
    return false;
  }

  #noteImporter(path: string, importer: string): void {
    const importers = this.#importers.get(path) ?? new Set();
    this.#importers.set(path, importers.add(importer));
  }

  #forget(path: string): void {
    this.#loading.delete(path);
    const importers = this.#importers.get(path);
    this.#importers.delete(path);
    for (const { path: importer, source } of this.#sources.values()) {
      if (importers?.has(source)) this.#forget(importer);
    }
  }
}

function deferred<T>(): { promise: Promise<T>; resolve(value: T | Promise<T>): void } {
  let resolve: (value: T | Promise<T>) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** `import()` as a module in that place would do it. */
function importFrom(filename: string, id: string): Promise<Namespace> {
  const script = new Script("(id) => import(id)", {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return (script.runInThisContext() as (id: string) => Promise<Namespace>)(id);
}

/** An ES module's namespace as Node's `require` would give it: marked, so that its default export is found. */
function asRequired(namespace: Namespace): Namespace {
  if (!("default" in namespace) || "__esModule" in namespace) return namespace;
  const marked: Namespace = Object.defineProperty({}, "__esModule", { value: true });
  for (const name of Object.keys(namespace)) {
    Object.defineProperty(marked, name, { enumerable: true, get: () => namespace[name] });
  }
  return marked;
}

/** A module as `import()` gives it: what CommonJS exports is the default, too. */
function asNamespace(loaded: unknown): unknown {
  const { __esModule: isModule, [Symbol.toStringTag as never]: tag } = (loaded ?? {}) as Record<string, unknown>;
  if (isModule || tag === "Module") return loaded;
  const members = typeof loaded === "object" || typeof loaded === "function" ? loaded : {};
  return Object.assign(Object.create(null), members, { default: loaded });
}
