import { requireThat } from "../check/index.js";
import {
  type Batch,
  batchOf,
  type ImageArray,
  type ImageDataset,
  isImageArray,
  loadBatch,
  toTensor,
} from "../data/index.js";
import { type Tensor4D, tidy } from "../engine/tensor.js";
import { applyPolicy } from "./applyPolicy.js";
import type { ViewRef } from "./augmentation.js";
import type { Policy } from "./policy.js";

/**
 * Draws recorded views again: the same images to the bit on the same engine.
 *
 * @param dataset any that contains the items
 * @param refs one view or several
 * @param policy the policy the views were drawn by
 * @returns [views, height, width, channels] in [0, 1]; a promise of it, unless the images are in memory
 * @throws RangeError `replay: the data must contain item 812`
 */
export function replay(dataset: ImageArray, refs: ViewRef | readonly ViewRef[], policy: Policy): Tensor4D;
export function replay(
  dataset: ImageDataset,
  refs: ViewRef | readonly ViewRef[],
  policy: Policy,
): Tensor4D | Promise<Tensor4D>;
export function replay(
  dataset: ImageDataset,
  refs: ViewRef | readonly ViewRef[],
  policy: Policy,
): Tensor4D | Promise<Tensor4D> {
  const list = Array.isArray(refs) ? (refs as readonly ViewRef[]) : [refs as ViewRef];
  const wanted = new Set(list.map(({ item }) => item));
  const places = new Map<number, number>();
  dataset.ids.forEach((id, position) => {
    if (wanted.has(id)) places.set(id, position);
  });
  const positions = list.map(({ item }) => {
    const position = places.get(item);
    requireThat(position !== undefined, "replay", `the data must contain item ${item}`);
    return position;
  });
  const draw = (batch: Batch) => tidy(() => applyPolicy(toTensor(batch), policy, list));
  return isImageArray(dataset) ? draw(batchOf(dataset, positions)) : loadBatch(dataset, positions).then(draw);
}
