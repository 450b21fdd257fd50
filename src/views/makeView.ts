import { seededRandom } from "../check/index.js";
import { type Batch, toTensor } from "../data/index.js";
import type { Tensor4D } from "../engine/tensor.js";
import { applyPolicy } from "./applyPolicy.js";
import type { ViewParameters, ViewRef } from "./augmentation.js";
import type { Policy } from "./policy.js";

/**
 * Draws one view of every item of a batch. What is drawn for an item depends on seed, step, view and the item's id
 * alone, not on the engine nor on the rest of the batch.
 *
 * @param options.view number of the view within the step, from 0; views of other numbers are drawn independently
 * @returns images [batch, height, width, channels] in [0, 1], which the caller owns, and how to draw each again
 */
export function makeView(
  batch: Batch,
  policy: Policy,
  options: { seed: number; view: number; step: number },
): { images: Tensor4D; refs: ViewRef[] } {
  const { seed, view, step } = options;
  const [, ...imageShape] = batch.shape;
  const refs = Array.from(batch.ids, (item): ViewRef => {
    const random = seededRandom(seed, step, view, item);
    const parameters: Record<string, ViewParameters[string]> = {};
    for (const augmentation of policy.augmentations) {
      parameters[augmentation.name] = augmentation.draw(random, imageShape as [number, number, number]);
    }
    return { item, view, parameters };
  });
  const original = toTensor(batch);
  try {
    return { images: applyPolicy(original, policy, refs), refs };
  } finally {
    original.dispose();
  }
}
