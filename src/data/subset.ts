import { requireThat } from "../check/index.js";
import { columnsAt, imagesAt, positionsIn } from "./batchOf.js";
import type { ImageArray } from "./dataset.js";
import { imageArray } from "./imageArray.js";

/**
 * A data set of some items of another; ids, labels, groups and factors stay with their images.
 *
 * @param which positions in the data set, or a half-open range `{ from, to }` of them (default: from the first, to the last)
 * @throws RangeError `subset: range must lie in [0, 100], got 50 to 200`
 * @throws RangeError `subset: indices must be in [0, 99] (the data's size is 100), got 100`
 */
export function subset(
  dataset: ImageArray,
  which: ArrayLike<number> | { readonly from?: number; readonly to?: number },
): ImageArray {
  const indices = "length" in which ? which : range(dataset.size, which);
  const positions = positionsIn("subset", dataset, indices);
  const { factors } = dataset;
  return imageArray({
    name: dataset.name,
    classNames: dataset.classNames,
    size: positions.length,
    imageShape: dataset.imageShape,
    images: imagesAt(dataset, positions),
    ...columnsAt(dataset, positions),
    ...(factors && {
      factors: Object.fromEntries(
        Object.entries(factors).map(([name, column]) => [
          name,
          Float32Array.from(positions, (position) => column[position] as number),
        ]),
      ),
    }),
  });
}

function range(size: number, { from = 0, to = size }: { readonly from?: number; readonly to?: number }): Int32Array {
  const inside = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= size;
  requireThat(inside, "subset", `range must lie in [0, ${size}], got ${from} to ${to}`);
  return Int32Array.from({ length: to - from }, (_, offset) => from + offset);
}
