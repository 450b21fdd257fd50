import { readdir, readFile } from "node:fs/promises";
import { nearestName } from "../../check/index.js";

/** One file of a data set, as its authors publish it. */
export interface CardFile {
  readonly name: string;
  readonly address: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What `datasets/NAME.json` says of a data set: where its files come from, how to check and read them, whose they are. */
export type Card = IdxCard | CifarCard | StlCard | FolderCard;

interface CardFacts {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly homepage: string;
  /** As its authors state it, or that they state none. */
  readonly licence: string;
  readonly citation: string;
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  /** Names of the labels; of the finest ones where images have several. */
  readonly classes: readonly string[];
  readonly files: readonly CardFile[];
}

/** Pairs of idx files: `images` and `labels` are names of `files`. */
export interface IdxCard extends CardFacts {
  readonly format: "idx";
  readonly splits: Splits<{ readonly images: string; readonly labels: string }>;
}

/** CIFAR's binary records in an archive: the label bytes, then the image, one color plane after the other. */
export interface CifarCard extends CardFacts {
  readonly format: "cifar";
  /** What each label byte of a record is, in their order; the last are `classes`. */
  readonly labels: readonly string[];
  /** Names of the labels that are not `classes`. */
  readonly classesOf?: Readonly<Record<string, readonly string[]>>;
  readonly splits: Splits<{ readonly members: readonly string[] }>;
}

/** STL-10's binary files in an archive: color planes of columns, and labels from 1; a split may have no labels. */
export interface StlCard extends CardFacts {
  readonly format: "stl";
  readonly splits: Splits<{ readonly images: string; readonly labels?: string }>;
}

/** JPEG, PNG or WebP images in an archive, in one folder per class or with a list that names the class of each. */
export interface FolderCard extends CardFacts {
  readonly format: "folder";
  /** Folders of the classes, in the order of `classes`; none: all in `train`, sorted, with names out of `words`. */
  readonly classFolders?: readonly string[];
  /** A member of the archive with one `folder<TAB>name, other name` per line. */
  readonly words?: string;
  readonly splits: Splits<{
    readonly folder: string;
    /** A member of the archive with one `file<TAB>class folder<TAB>…` per line. */
    readonly annotations?: string;
    /** The images have no labels. */
    readonly unlabeled?: true;
  }>;
}

type Splits<Where> = Readonly<Record<string, { readonly items: number } & Where>>;

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
 * @throws RangeError `data: name must be one of cifar-10, …, got "cifar10"; did you mean cifar-10?`
 */
export async function readCard(name: string): Promise<Card> {
  const names = await cardNames();
  if (!names.includes(name)) {
    const nearest = nearestName(name, names);
    const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    throw new RangeError(`data: name must be one of ${names.join(", ")}, got "${name}"${hint}`);
  }
  return JSON.parse(await readFile(new URL(`${name}.json`, folder), "utf8"));
}
