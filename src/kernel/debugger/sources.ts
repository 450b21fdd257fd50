import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import { murmur2 } from "./murmur2.js";
import type { Scripts } from "./scripts.js";

export const hashSeed = 0xc70f6907;
export const prefix = join(tmpdir(), `kontrast-${process.pid}`) + sep;
export const suffix = ".ts";

/** The code of so many cells is kept, of the latest. */
const mostCells = 1000;

/** Names and texts of what is debugged: cells, which have no file, and files that cells import. */
export class Sources {
  readonly #scripts: Scripts;
  readonly #cells = new Map<string, string>();

  constructor(scripts: Scripts) {
    this.#scripts = scripts;
  }

  /** The path by which a cell is known. Front ends compute it from its code, too. */
  nameOf(code: string): string {
    const path = `${prefix}${murmur2(code, hashSeed)}${suffix}`;
    this.#cells.delete(path);
    this.#cells.set(path, code);
    if (this.#cells.size > mostCells) this.#cells.delete(this.#cells.keys().next().value as string);
    return path;
  }

  /**
   * DAP's `source`.
   *
   * @throws Error `source: there is no cell or imported file /tmp/…`
   */
  async read(path: string) {
    const content = this.#cells.get(path) ?? (await this.#readFile(path));
    return { content, mimeType: "text/typescript" };
  }

  /** DAP's `modules`: the files that cells have imported. */
  modules() {
    const files = this.#files();
    const modules = files.map((path, index) => ({ id: index + 1, name: basename(path), path }));
    return { modules, totalModules: modules.length };
  }

  #files(): string[] {
    return this.#scripts.sources().filter((path) => !path.startsWith(prefix));
  }

  async #readFile(path: string): Promise<string> {
    if (this.#files().includes(path)) return readFile(path, "utf8");
    throw new Error(`source: there is no cell or imported file ${path}`);
  }
}
