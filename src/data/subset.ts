import { requireThat } from "../check/index.js";
import { columnsAt, imagesAt, positionsIn } from "./batchOf.js";
import type { ImageArray, ImageDataset } from "./dataset.js";
import { imageArray, isImageArray } from "./imageArray.js";

/** Positions in a data set, or a half-open range of them; default: from the first, to the last. */
type Choice = ArrayLike<number> | { readonly from?: number; readonly to?: number };

/**
 * A data set of some items of another; ids, labels, groups and factors stay with their images. Images in memory are
 * copied; others are read from the other data set when they are asked for, and `unreadable` counts those of the whole of it.
 *
 * @param which positions in the data set, or a half-open range `{ from, to }` of them (default: from the first, to the last)
 * @throws RangeError `subset: range must lie in [0, 100], got 50 to 200`
 * @throws RangeError `subset: indices must be in [0, 99] (the data's size is 100), got 100`
 */
export function subset(dataset: ImageArray, which: Choice): ImageArray;
export function subset(dataset: ImageDataset, which: Choice): ImageDataset;
export function subset(dataset: ImageDataset, which: Choice): ImageDataset {
  const indices = "length" in which ? which : range(dataset.size, which);
  const positions = positionsIn("subset", dataset, indices);
  const { name, classNames, imageShape, factors } = dataset;
  const items = {
    name,
    classNames,
    size: positions.length,
    imageShape,
    ...columnsAt(dataset, positions),
    ...(factors && {
      factors: Object.fromEntries(
        Object.entries(factors).map(([factor, column]) => [
          factor,
          Float32Array.from(positions, (position) => column[position] as number),
        ]),
      ),
    }),
  };
  if (isImageArray(dataset)) return imageArray({ ...items, images: imagesAt(dataset.images, imageShape, positions) });
  const { unreadable } = dataset;
  return {
    ...items,
    ...(unreadable && { unreadable }),
    read: (places) => dataset.read(places.map((place) => positions[place] as number)),
  };
}

function range(size: number, { from = 0, to = size }: { readonly from?: number; readonly to?: number }): Int32Array {
  const inside = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= size;
  requireThat(inside, "subset", `range must lie in [0, ${size}], got ${from} to ${to}`);
  return Int32Array.from({ length: to - from }, (_, offset) => from + offset);
}
