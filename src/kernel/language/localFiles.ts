import { fileStamp } from "../../check/index.js";
import { disguised } from "./lightBuilder.js";
import type { TypeScript, ts } from "./typescript.js";

/**
 * Tells TypeScript when a local file has changed: not some time later, as watching does, but before the next cell. Only
 * the files that cells import are looked at.
 */
export class LocalFiles {
  readonly #typescript: TypeScript;
  readonly #watched = new Map<string, { readonly changed: ts.FileWatcherCallback; stamp: string }>();

  constructor(typescript: TypeScript) {
    this.#typescript = typescript;
  }

  /**
   * Takes the place of `ts.sys.watchFile`. A file that is watched no longer, because no cell in the program of the moment
   * imports it, is looked at nevertheless: tslab remembers that it has converted it.
   */
  watch(path: string, changed: ts.FileWatcherCallback): ts.FileWatcher {
    this.#watched.set(path, { changed, stamp: this.#watched.get(path)?.stamp ?? fileStamp(path) });
    return { close: () => undefined };
  }

  /** Calls back for every file that is not what it was; says whether there was one. */
  refresh(): boolean {
    const { Changed, Created, Deleted } = this.#typescript.FileWatcherEventKind;
    let any = false;
    for (const [path, entry] of [...this.#watched]) {
      const stamp = fileStamp(path);
      if (stamp === entry.stamp) continue;
      const kind = stamp === "" ? Deleted : entry.stamp === "" ? Created : Changed;
      entry.stamp = stamp;
      entry.changed(path, kind);
      // tslab keeps a list of what it has converted, by the names that we have given it.
      if (disguised(path) !== path) entry.changed(disguised(path), kind);
      any = true;
    }
    return any;
  }
}
