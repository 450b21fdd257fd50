import { requireOneOf } from "../../check/index.js";
import type { ImageArray } from "../dataset.js";
import type { CifarCard } from "../files/card.js";
import { imageArray } from "../imageArray.js";
import { memberBytes, memberOf, openArchive } from "./archiveMembers.js";
import { type CardOptions, splitOf } from "./cardOptions.js";
import { planarToPixels } from "./planarToPixels.js";

/**
 * A data set in CIFAR's binary records (https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version").
 *
 * @param options.labels which of the card's label bytes is the label; default: the last, the finest. Where there are
 *   several, `factors` has all of them.
 * @throws Error `cifar10: … data_batch_1.bin must have a multiple of 3073 bytes, has 100`, `… must have 50000 images, has
 *   49999`, `… must hold fine labels below 10, holds 12`
 */
export async function cifarData(
  caller: string,
  card: CifarCard,
  options: CardOptions & { labels?: string },
): Promise<ImageArray> {
  const { split, limit } = splitOf(caller, card, options);
  const { labels = card.labels.at(-1) as string } = options;
  requireOneOf(caller, "labels", labels, card.labels);
  const records = await readRecords(caller, card, split);
  const recordBytes = card.labels.length + pixelsOf(card);
  const size = Math.min(limit, records.length / recordBytes);
  const images = new Uint8Array(size * pixelsOf(card));
  const columns = card.labels.map(() => new Int32Array(size));
  for (let item = 0; item < size; item++) {
    const record = records.subarray(item * recordBytes, (item + 1) * recordBytes);
    for (const [at, column] of columns.entries()) column[item] = record[at] as number;
    const pixels = images.subarray(item * pixelsOf(card), (item + 1) * pixelsOf(card));
    planarToPixels(record.subarray(card.labels.length), card.imageShape, pixels);
  }
  const named = Object.fromEntries(card.labels.map((kind, at) => [kind, columns[at] as Int32Array]));
  for (const [kind, column] of Object.entries(named)) requireLabels(caller, card, kind, column);
  const own = named[labels] as Int32Array;
  return imageArray({
    name: card.name,
    classNames: classNamesOf(card, labels),
    size,
    imageShape: card.imageShape,
    images,
    ids: Int32Array.from({ length: size }, (_, index) => index),
    labels: own,
    groups: own,
    ...(card.labels.length > 1 && {
      factors: Object.fromEntries(Object.entries(named).map(([kind, column]) => [kind, Float32Array.from(column)])),
    }),
  });
}

/** All members of a split, one after the other. */
async function readRecords(caller: string, card: CifarCard, split: string): Promise<Uint8Array> {
  const { items, members: names } = card.splits[split] as CifarCard["splits"][string];
  const archive = await openArchive(caller, card);
  const recordBytes = card.labels.length + pixelsOf(card);
  const parts = [];
  for (const name of names) {
    const part = await memberBytes(archive.path, memberOf(caller, archive, name));
    if (part.length % recordBytes !== 0) {
      const want = `must have a multiple of ${recordBytes} bytes`;
      throw new Error(`${caller}: ${name} in ${archive.path} ${want}, has ${part.length}`);
    }
    parts.push(part);
  }
  const records = Buffer.concat(parts);
  const count = records.length / recordBytes;
  if (count !== items)
    throw new Error(`${caller}: ${split} in ${archive.path} must have ${items} images, has ${count}`);
  return records;
}

function requireLabels(caller: string, card: CifarCard, kind: string, labels: Int32Array): void {
  const count = classNamesOf(card, kind).length;
  const wrong = labels.find((label) => label >= count);
  if (wrong !== undefined) {
    throw new Error(`${caller}: ${card.name} must hold ${kind} labels below ${count}, holds ${wrong}`);
  }
}

function classNamesOf({ classes, classesOf = {} }: CifarCard, kind: string): readonly string[] {
  return classesOf[kind] ?? classes;
}

function pixelsOf({ imageShape: [height, width, channels] }: CifarCard): number {
  return height * width * channels;
}
