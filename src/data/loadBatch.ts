import { seededRandom } from "../check/index.js";
import { batchFrom, imagesAt, positionsIn } from "./batchOf.js";
import type { Batch, ImageDataset, ReadImages } from "./dataset.js";

/** How many others are tried in the place of an image that cannot be read, before the data count as broken. */
const tries = 20;

/**
 * Reads the items at the given positions of any data set, in the given order; a position may occur twice.
 *
 * @param indices positions in the data set (not ids), each in 0 … size − 1
 * @throws RangeError `loadBatch: indices must be in [0, 99] (the data's size is 100), got 100`
 * @throws Error `loadBatch: 2 of 8 images of "photos" cannot be read (items 3, 9); leave them out: readableOf(dataset)`
 */
export async function loadBatch(dataset: ImageDataset, indices: ArrayLike<number>): Promise<Batch> {
  const positions = positionsIn("loadBatch", dataset, indices);
  const read = await dataset.read(positions);
  const missing = [...positions].filter((_, at) => (read.places[at] as number) < 0);
  if (missing.length > 0) {
    const ids = missing.slice(0, 5).map((position) => dataset.ids[position]);
    const items = `${missing.length === 1 ? "item" : "items"} ${ids.join(", ")}${missing.length > 5 ? ", …" : ""}`;
    const what = `${missing.length} of ${positions.length} images of "${dataset.name}" cannot be read (${items})`;
    throw new Error(`loadBatch: ${what}; leave them out: readableOf(dataset)`);
  }
  return batchFrom(dataset, positions, read);
}

/**
 * Reads a batch to train on: as `loadBatch`, but an image that cannot be read is replaced by another item, so that the
 * batch keeps its size. Which one follows from the data's size and the position alone: the first readable one of those
 * at positions drawn at random with the position as seed, each moved on to the next that is not yet in the batch. The
 * sampler is not asked, so a replacement may have another label or cluster; `batch.replaced` counts them.
 *
 * @param caller is named in the errors
 * @throws Error `epochBatches: item 3 of "photos" cannot be read, nor can 20 others in its place; are its files there?`
 */
export async function loadFullBatch(caller: string, dataset: ImageDataset, positions: Int32Array): Promise<Batch> {
  const read = await dataset.read(positions);
  const missing = unreadAmong(read);
  if (missing.length === 0) return batchFrom(dataset, positions, read);
  const images = imagesAt(read.bytes, dataset.imageShape, read.places); // zeros, for now, where there is no image
  const filled = positions.slice();
  await fill(caller, { dataset, images, filled, missing });
  return batchFrom(dataset, filled, { bytes: images, places: filled.map((_, at) => at) }, missing.length);
}

/** Reads substitutes for the missing ones, one for each at a time, until all are filled. */
async function fill(
  caller: string,
  batch: { dataset: ImageDataset; images: Uint8Array; filled: Int32Array; missing: number[] },
): Promise<void> {
  const { dataset, images, filled } = batch;
  const extent = images.length / filled.length;
  const taken = new Set(filled);
  const open = batch.missing.map((at) => ({ at, random: seededRandom(filled[at] as number, dataset.size) }));
  let tried = 0;
  for (; tried < tries && taken.size + open.length <= dataset.size; tried++) {
    const chosen = Int32Array.from(open, ({ random }) => nextFree(random.integer(dataset.size), dataset.size, taken));
    const read = await dataset.read(chosen);
    const found = imagesAt(read.bytes, dataset.imageShape, read.places);
    for (let index = open.length - 1; index >= 0; index--) {
      if ((read.places[index] as number) < 0) continue;
      const { at } = open[index] as { at: number };
      images.set(found.subarray(index * extent, (index + 1) * extent), at * extent);
      filled[at] = chosen[index] as number;
      open.splice(index, 1);
    }
    if (open.length === 0) return;
  }
  const item = `item ${dataset.ids[filled[open[0]?.at as number] as number]} of "${dataset.name}"`;
  const others = tried === 0 ? "and no other is left to take its place" : `nor can ${tried} others in its place`;
  throw new Error(`${caller}: ${item} cannot be read, ${others}; are its files there?`);
}

/** The first position from `start` on, going round, that is not taken; it is taken then. */
function nextFree(start: number, size: number, taken: Set<number>): number {
  let position = start;
  while (taken.has(position)) position = (position + 1) % size;
  taken.add(position);
  return position;
}

/** The numbers, within the request, of the images that could not be read. */
function unreadAmong({ places }: ReadImages): number[] {
  return [...places.keys()].filter((at) => (places[at] as number) < 0);
}
