import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CifarCard } from "../../src/data/files/card.js";
import { type Card, dataFolder, download, readCard } from "../../src/data/index.js";
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

const records = realArchive("cifar10-lossless-5k", "cifar-10-binary-5k.tar.gz");
const members = ["cifar-10-batches-bin/data_batch_1.bin"];

/** 5,000 of CIFAR-10's official records. */
export const cifarRecords = {
  archive: records,
  splits: {
    train: { items: 4000, members },
    test: { items: 1000, members: ["cifar-10-batches-bin/test_batch.bin"] },
  },
  card: (changes: Partial<CifarCard> = {}) =>
    cardOf<CifarCard>("cifar-10", records, { splits: cifarRecords.splits, ...changes }),
};

/** Puts an archive where the card's loader looks for it. */
export async function place(
  { name, files: [file] }: { name: string; files: readonly { name: string }[] },
  archive: string,
) {
  const path = join(dataFolder(name), (file as { name: string }).name);
  await mkdir(dirname(path), { recursive: true });
  await copyFile(archive, path);
  await chmod(path, 0o644);
  return path;
}
