import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Card, download, readCard } from "../../src/data/index.js";
import { realData } from "./temporary.js";

/**
 * The card of a data set, changed to describe a smaller archive in the same format.
 *
 * @param archive its path
 */
export async function cardOf<Kind extends Card>(name: string, archive: string, changes: Partial<Kind>): Promise<Kind> {
  const contents = await readFile(archive);
  const sha256 = createHash("sha256").update(contents).digest("hex");
  const fileName = archive.slice(archive.lastIndexOf("/") + 1);
  const files = [{ name: fileName, address: "", bytes: contents.length, sha256 }];
  return { ...((await readCard(name)) as Kind), files, ...changes };
}

/** Downloads what a card describes from a server on this machine. */
export async function downloadFrom(address: string, card: Card): Promise<void> {
  await download(card, { addressOf: ({ name }) => `${address}/${name}` });
}

/** An archive of the real data. */
export const realArchive = (...path: string[]) => join(realData, ...path);

/** How often each label occurs. */
export function countsOf(labels: Int32Array): number[] {
  const counts: number[] = [];
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Means of the channels over some images, 0 … 1. */
export function channelMeans(bytes: Uint8Array): number[] {
  const sums = [0, 0, 0];
  bytes.forEach((value, at) => {
    sums[at % 3] = (sums[at % 3] as number) + value;
  });
  return sums.map((sum) => sum / (bytes.length / 3) / 255);
}
