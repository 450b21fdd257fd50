import { requireThat } from "../check/index.js";
import type { Batch, ImageDataset } from "./dataset.js";

/**
 * The items at the given positions, in the given order; a position may occur twice.
 *
 * @param indices positions in the data set (not ids), each in 0 … size − 1
 * @throws RangeError `batchOf: indices must be in [0, 99] (the data's size is 100), got 100`
 */
export function batchOf(dataset: ImageDataset, indices: ArrayLike<number>): Batch {
  return { ...gather("batchOf", dataset, indices), shape: [indices.length, ...dataset.imageShape] };
}

/** Copies images and columns of the items at `indices`; `caller` is named in the error. */
export function gather(caller: string, dataset: ImageDataset, indices: ArrayLike<number>) {
  const { size, imageShape, ids, labels, groups } = dataset;
  const extent = imageShape[0] * imageShape[1] * imageShape[2];
  const images = new Uint8Array(indices.length * extent);
  for (let position = 0; position < indices.length; position++) {
    const index = indices[position] as number;
    requireThat(
      Number.isInteger(index) && index >= 0 && index < size,
      caller,
      `indices must be in [0, ${size - 1}] (the data's size is ${size}), got ${index}`,
    );
    images.set(dataset.images.subarray(index * extent, (index + 1) * extent), position * extent);
  }
  return { images, ids: pick(ids, indices), labels: pick(labels, indices), groups: pick(groups, indices) };
}

function pick(column: Int32Array, indices: ArrayLike<number>): Int32Array {
  return Int32Array.from(indices, (index) => column[index] as number);
}
