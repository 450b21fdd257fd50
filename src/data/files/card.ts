import { readdir, readFile } from "node:fs/promises";
import { requireOneOf } from "../../check/index.js";

/** One file of a data set, as its authors publish it. */
export interface CardFile {
  readonly name: string;
  readonly address: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What `datasets/NAME.json` says of a data set: where its files come from, how to check them, whose they are. */
export interface Card {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly homepage: string;
  readonly licence: string;
  readonly citation: string;
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  readonly classes: readonly string[];
  readonly splits: Readonly<
    Record<string, { readonly items: number; readonly images: string; readonly labels: string }>
  >;
  readonly files: readonly CardFile[];
}

/** The package's `datasets/` folder, beside both `src/` and `dist/`. */
const folder = new URL("../../../datasets/", import.meta.url);

/** Names of all data sets that have a card, sorted. */
export async function cardNames(): Promise<string[]> {
  const entries = await readdir(folder);
  return entries
    .filter((entry) => entry.endsWith(".json"))
    .map((entry) => entry.slice(0, -".json".length))
    .sort();
}

/**
 * The card of a data set.
 *
 * @throws RangeError `data: name must be one of "fashion-mnist", got "imagenet"`
 */
export async function readCard(name: string): Promise<Card> {
  const known = requireOneOf("data", "name", name, await cardNames());
  return JSON.parse(await readFile(new URL(`${known}.json`, folder), "utf8"));
}
