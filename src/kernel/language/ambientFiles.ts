import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Declaration files of the notebook's folder, such as one with `declare module "untyped"`, which count without an import.
 * Those beside a source of the same name say only what that one says.
 */
export class AmbientFiles {
  readonly #folder: string;
  #stamp: bigint | undefined;
  #paths: readonly string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Absolute paths. The folder is read again only when something in it has come or gone: it may hold a data set. */
  paths(): readonly string[] {
    const stamp = statSync(this.#folder, { throwIfNoEntry: false, bigint: true })?.mtimeNs;
    if (stamp === this.#stamp) return this.#paths;
    this.#stamp = stamp;
    const names = new Set(stamp === undefined ? [] : readdirSync(this.#folder));
    this.#paths = [...names]
      .filter((name) => name.endsWith(".d.ts"))
      .filter((name) => ![".ts", ".tsx"].some((ending) => names.has(name.replace(/\.d\.ts$/, ending))))
      .map((name) => join(this.#folder, name).replaceAll("\\", "/"));
    return this.#paths;
  }
}
