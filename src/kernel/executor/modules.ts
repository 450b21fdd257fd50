import Module, { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { SideModule } from "./protocol.js";

/** The package that this kernel belongs to, seen from `dist/kernel/executor/`. */
const ownPackage = fileURLToPath(new URL("../../index.js", import.meta.url));

/** Node's own way to run a CommonJS file from memory; its types leave it out. */
type CompilableModule = NodeJS.Module & { _compile(code: string, path: string): void };

/**
 * Modules for cells. They are found from the notebook's folder, except `kontrast`, which is always the package that the
 * kernel belongs to, and local TypeScript files, which the language service has converted.
 */
export class CellModules {
  readonly #sources = new Map<string, string>();
  readonly #loaded = new Map<string, NodeJS.Module>();

  /** Takes new or changed local files; a changed one is run again when it is next required. */
  add(modules: readonly SideModule[]): void {
    for (const { path, javascript } of modules) {
      this.#sources.set(path, javascript);
      this.#loaded.delete(path);
    }
  }

  /** `require` for code in `folder`. */
  requireFrom(folder: string): NodeJS.Require {
    const require = createRequire(join(folder, "notebook.cjs"));
    const load = (id: string) => {
      if (id === "kontrast") return require(ownPackage);
      const path = /^\.{0,2}\//.test(id) ? withExtension(resolve(folder, id)) : undefined;
      return path !== undefined && this.#sources.has(path) ? this.#load(path).exports : require(id);
    };
    return Object.assign(load, require);
  }

  #load(path: string): NodeJS.Module {
    const known = this.#loaded.get(path);
    if (known) return known;
    const module = new Module(path) as CompilableModule;
    module.filename = path;
    module.require = this.requireFrom(dirname(path));
    // Before it runs, so that files which import each other find what there is so far.
    this.#loaded.set(path, module);
    try {
      module._compile(this.#sources.get(path) ?? "", path);
    } catch (error) {
      this.#loaded.delete(path);
      throw error;
    }
    return module;
  }
}

function withExtension(path: string): string {
  return extname(path) === "" ? `${path}.js` : path;
}
