import { requireThat } from "../check/index.js";
import { type Tensor4D, tidy } from "../engine/tensor.js";
import type { Parameters, ViewRef } from "./augmentation.js";
import type { Policy } from "./policy.js";

/**
 * Applies recorded parameters to the images they were drawn for.
 *
 * @param images [batch, height, width, channels], one per ref; not disposed of
 * @throws RangeError `applyPolicy: policy "moco" must be the one the view was drawn by: it has no "colorJitter" parameters`
 */
export function applyPolicy(images: Tensor4D, policy: Policy, refs: readonly ViewRef[]): Tensor4D {
  return tidy(() => {
    let views = images.clone();
    for (const { name, apply } of policy.augmentations) {
      const parameters = refs.map((ref) => ref.parameters[name]);
      const missing = `policy "${policy.name}" must be the one the view was drawn by: it has no "${name}" parameters`;
      requireThat(!parameters.includes(undefined), "applyPolicy", missing);
      views = apply(views, parameters as Parameters[]);
    }
    return views;
  });
}
