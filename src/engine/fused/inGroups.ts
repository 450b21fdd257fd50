import { concat, type Tensor4D, tensor1d } from "../tensor.js";

/**
 * Changes groups of images, each in its own way, and leaves the others as they are; the order stays. Call it in a tidy.
 *
 * @param groups positions in the batch, no position twice
 * @param change from the images of a group, in the order of its positions, to as many of the same shape
 */
export function inGroups(
  images: Tensor4D,
  groups: readonly (readonly number[])[],
  change: (part: Tensor4D, positions: readonly number[], group: number) => Tensor4D,
): Tensor4D {
  const touched = new Set(groups.flat());
  if (touched.size === 0) return images.clone();
  const untouched = Array.from({ length: images.shape[0] }, (_, position) => position).filter((p) => !touched.has(p));
  const parts: Tensor4D[] = [];
  const order: number[] = [];
  [...groups, untouched].forEach((positions, group) => {
    if (positions.length === 0) return;
    const part = rows(images, positions);
    parts.push(group < groups.length ? change(part, positions, group) : part);
    order.push(...positions);
  });
  const back = new Array<number>(order.length);
  order.forEach((position, place) => {
    back[position] = place;
  });
  return rows(concat(parts), back);
}

function rows(images: Tensor4D, positions: readonly number[]): Tensor4D {
  return images.gather<Tensor4D>(tensor1d(Int32Array.from(positions), "int32"));
}
