import type { ImageArray } from "../dataset.js";
import type { IdxCard } from "../files/card.js";
import { type IdxPair, readIdxPair } from "../files/readIdxPair.js";
import { imageArray } from "../imageArray.js";
import { type CardOptions, remedy, splitOf, verifiedFile } from "./cardOptions.js";

/** A data set in pairs of idx files, such as MNIST; they are verified each time. */
export async function idxData(caller: string, card: IdxCard, options: CardOptions): Promise<ImageArray> {
  const { split, limit } = splitOf(caller, card, options);
  const { images, labels } = await readPair(caller, card, split);
  const [height, width] = card.imageShape;
  const size = Math.min(limit, labels.length);
  const classes = Int32Array.from(labels.subarray(0, size));
  return imageArray({
    name: card.name,
    classNames: card.classes,
    size,
    imageShape: card.imageShape,
    images: images.values.slice(0, size * height * width),
    ids: Int32Array.from({ length: size }, (_, index) => index),
    labels: classes,
    groups: classes,
  });
}

async function readPair(caller: string, card: IdxCard, split: string): Promise<IdxPair> {
  const files = card.splits[split] as IdxCard["splits"][string];
  const images = await verifiedFile(caller, card, files.images);
  const labels = await verifiedFile(caller, card, files.labels);
  const [height, width] = card.imageShape;
  let pair: IdxPair;
  try {
    pair = await readIdxPair(images, labels, { height, width, classes: card.classes.length });
  } catch (cause) {
    throw new Error(`${caller}: ${(cause as Error).message}; ${remedy(card)}`, { cause });
  }
  const count = pair.labels.length;
  if (count === files.items) return pair;
  throw new Error(`${caller}: ${split} in ${images} must have ${files.items} images, has ${count}`);
}
