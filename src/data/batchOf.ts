import { requireThat } from "../check/index.js";
import type { Batch, ImageArray, ImageDataset, Items, ReadImages } from "./dataset.js";

/**
 * The items at the given positions of a data set in memory, in the given order; a position may occur twice. `loadBatch`
 * does the same for data that are somewhere else.
 *
 * @param indices positions in the data set (not ids), each in 0 … size − 1
 * @throws RangeError `batchOf: indices must be in [0, 99] (the data's size is 100), got 100`
 */
export function batchOf(dataset: ImageArray, indices: ArrayLike<number>): Batch {
  const positions = positionsIn("batchOf", dataset, indices);
  return batchFrom(dataset, positions, { bytes: dataset.images, places: positions });
}

/** The batch of items whose images have been read. */
export function batchFrom(
  dataset: Pick<ImageDataset, "imageShape"> & Items,
  positions: Int32Array,
  { bytes, places }: ReadImages,
  replaced = 0,
): Batch {
  let copied: Uint8Array | undefined;
  return {
    get images() {
      copied ??= imagesAt(bytes, dataset.imageShape, places);
      return copied;
    },
    source: { bytes, positions: places },
    shape: [positions.length, ...dataset.imageShape],
    ...columnsAt(dataset, positions),
    replaced,
  };
}

/** Indices that are positions in a data set; `caller` is named in the error. */
export function positionsIn(caller: string, { size }: Pick<Items, "size">, indices: ArrayLike<number>): Int32Array {
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] as number;
    requireThat(
      Number.isInteger(index) && index >= 0 && index < size,
      caller,
      `indices must be in [0, ${size - 1}] (the data's size is ${size}), got ${index}`,
    );
  }
  return Int32Array.from(indices);
}

/** Copies the images at some places, one after the other. */
export function imagesAt(bytes: Uint8Array, imageShape: ImageDataset["imageShape"], places: Int32Array): Uint8Array {
  const extent = imageShape[0] * imageShape[1] * imageShape[2];
  const copy = new Uint8Array(places.length * extent);
  places.forEach((place, at) => {
    copy.set(bytes.subarray(place * extent, (place + 1) * extent), at * extent);
  });
  return copy;
}

/** Copies the columns of the items at some positions. */
export function columnsAt({ ids, labels, groups }: Items, positions: Int32Array) {
  const pick = (column: Int32Array) => positions.map((position) => column[position] as number);
  return { ids: pick(ids), labels: pick(labels), groups: pick(groups) };
}
