import { requireThat } from "../check/index.js";
import { batchOf, type ImageArray, toTensor } from "../data/index.js";
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
 * @returns [views, height, width, channels] in [0, 1]
 * @throws RangeError `replay: the data must contain item 812`
 */
export function replay(dataset: ImageArray, refs: ViewRef | readonly ViewRef[], policy: Policy): Tensor4D {
  const list = Array.isArray(refs) ? (refs as readonly ViewRef[]) : [refs as ViewRef];
  const positions = list.map(({ item }) => {
    const position = dataset.ids.indexOf(item);
    requireThat(position >= 0, "replay", `the data must contain item ${item}`);
    return position;
  });
  return tidy(() => applyPolicy(toTensor(batchOf(dataset, positions)), policy, list));
}
