import { join } from "node:path";
import { requireInteger, requireOneOf } from "../../check/index.js";
import type { Card, CardFile } from "../files/card.js";
import { dataFolder } from "../files/dataFolder.js";
import { verifyFile } from "../files/verifyFile.js";

/** What every data set of a card can be asked. */
export interface CardOptions<Split extends string = string> {
  /** Default `train`. */
  split?: Split;
  /** Take the first so many items; default: all. */
  limit?: number;
}

/** The split that is asked for, and how many items of it. */
export function splitOf<Split extends string>(
  caller: string,
  { splits }: Card,
  options: CardOptions<Split>,
): { split: string; limit: number } {
  const { split = "train", limit = Number.POSITIVE_INFINITY } = options;
  requireOneOf(caller, "split", split, Object.keys(splits));
  if (limit !== Number.POSITIVE_INFINITY) requireInteger(caller, "limit", limit, 1);
  return { split, limit };
}

/**
 * The path of a file of a card, verified against its sha256.
 *
 * @throws Error `mnist: /…/t10k-labels-idx1-ubyte.gz is not there; …`, and the like
 */
export async function verifiedFile(caller: string, card: Card, name: string): Promise<string> {
  const path = join(dataFolder(card.name), name);
  const problem = await verifyFile(path, fileOf(card, name));
  if (problem) throw new Error(`${caller}: ${path} ${problem}; ${remedy(card)}`);
  return path;
}

/** How to get what is missing or damaged. */
export function remedy({ name }: Card): string {
  return `\`npx kontrast data get ${name}\` downloads it`;
}

function fileOf(card: Card, name: string): CardFile {
  const file = card.files.find((candidate) => candidate.name === name);
  if (!file) throw new Error(`data: the card ${card.name} names no file ${name}`);
  return file;
}
