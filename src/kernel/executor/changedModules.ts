import { createRequire } from "node:module";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { fileStamp } from "../../check/index.js";

const { cache } = createRequire(import.meta.url);
/** `dist/`: this package does not change while it runs. */
const ownFolder = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Local files that Node has loaded by `require` and that the language service does not convert, `.json` and `.cjs`:
 * when one has changed, it and those that have loaded it are loaded again. Packages stay as they are.
 */
export class ChangedModules {
  readonly #stamps = new Map<string, string>();

  /** Notes what has been loaded since the last call. */
  note(): void {
    for (const path of Object.keys(cache)) {
      if (!this.#stamps.has(path) && isLocal(path)) this.#stamps.set(path, fileStamp(path));
    }
  }

  /** Has Node forget what has changed since it was noted, and what has loaded it. Returns the paths. */
  forget(): ReadonlySet<string> {
    this.note();
    const changed = [...this.#stamps].filter(([path, stamp]) => fileStamp(path) !== stamp).map(([path]) => path);
    const stale = new Set(changed);
    // A set that grows while it is walked through is walked through to its end.
    for (const path of stale) {
      for (const [other] of this.#stamps) {
        if (cache[other]?.children.some(({ filename }) => filename === path)) stale.add(other);
      }
    }
    for (const path of stale) {
      delete cache[path];
      this.#stamps.delete(path);
    }
    return stale;
  }
}

function isLocal(path: string): boolean {
  return !path.includes(`${sep}node_modules${sep}`) && !path.startsWith(ownFolder);
}
