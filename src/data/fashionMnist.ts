import { join } from "node:path";
import { requireInteger, requireOneOf } from "../check/index.js";
import type { ImageArray } from "./dataset.js";
import { type Card, readCard } from "./files/card.js";
import { dataFolder } from "./files/dataFolder.js";
import { readIdxPair } from "./files/readIdxPair.js";
import { verifyFile } from "./files/verifyFile.js";
import { imageArray } from "./imageArray.js";

const name = "fashion-mnist";
const remedy = `\`npx kontrast data get ${name}\` downloads it`;

/**
 * Fashion-MNIST: 28×28 gray images of ten kinds of clothing, 60,000 to train and 10,000 to test with. Xiao, Rasul and
 * Vollgraf 2017 (arXiv:1708.07747). The four official files are looked for in {@link dataFolder} and verified against
 * the sha256 of their card each time; nothing is downloaded here. Images are [n, 28, 28, 1], the group is the label,
 * ids count from 0 in each split.
 *
 * @param options.split default `train`
 * @param options.limit take the first so many items; default: all
 * @throws Error such as `fashionMnist: /…/train-images-idx3-ubyte.gz is not there; …`, likewise for a wrong length or
 *   sha256
 */
export async function fashionMnist(options: { split?: "train" | "test"; limit?: number } = {}): Promise<ImageArray> {
  const { split = "train", limit = Number.POSITIVE_INFINITY } = options;
  requireOneOf("fashionMnist", "split", split, ["train", "test"]);
  if (limit !== Number.POSITIVE_INFINITY) requireInteger("fashionMnist", "limit", limit, 1);
  const card = await readCard(name);
  const { images, labels } = await readSplit(card, split);
  const [height, width] = card.imageShape;
  const size = Math.min(limit, labels.length);
  const classes = Int32Array.from(labels.subarray(0, size));
  return imageArray({
    name,
    classNames: card.classes,
    size,
    imageShape: card.imageShape,
    images: images.values.slice(0, size * height * width),
    ids: Int32Array.from({ length: size }, (_, index) => index),
    labels: classes,
    groups: classes,
  });
}

async function readSplit(card: Card, split: string) {
  const { images, labels } = card.splits[split] as Card["splits"][string];
  const paths = await Promise.all([images, labels].map((file) => verified(card, file)));
  const [height, width] = card.imageShape;
  try {
    return await readIdxPair(paths[0] as string, paths[1] as string, { height, width, classes: card.classes.length });
  } catch (cause) {
    throw new Error(`fashionMnist: ${(cause as Error).message}; ${remedy}`, { cause });
  }
}

async function verified(card: Card, file: string): Promise<string> {
  const path = join(dataFolder(name), file);
  const expected = card.files.find((candidate) => candidate.name === file);
  if (!expected) throw new Error(`fashionMnist: the card names no file ${file}`);
  const problem = await verifyFile(path, expected);
  if (problem) throw new Error(`fashionMnist: ${path} ${problem}; ${remedy}`);
  return path;
}
