import { requireInteger, requireSeed, seededRandom } from "../check/index.js";
import { type Batch, toTensor } from "../data/index.js";
import type { Tensor4D } from "../engine/tensor.js";
import { applyPolicy } from "./applyPolicy.js";
import type { Augmentation, ImageShape, ViewGeometry, ViewParameters, ViewRef } from "./augmentation.js";
import { identity } from "./homography.js";
import type { Policy } from "./policy.js";

/**
 * Draws one view of every item of a batch. What is drawn for an item depends on seed, step, view and the item's id
 * alone, not on the engine nor on the rest of the batch.
 *
 * @param options.view number of the view within the step, from 0; views of other numbers are drawn independently
 * @returns images [batch, height, width, channels], of the size that the policy makes and in [0, 1] unless it normalizes;
 *   the caller owns them. And how to draw each again
 * @throws RangeError `makeView: step must be an integer >= 0, got NaN`
 */
export function makeView(
  batch: Batch,
  policy: Policy,
  options: { seed: number; view: number; step: number },
): { images: Tensor4D; refs: ViewRef[] } {
  const { seed, view, step } = options;
  requireSeed("makeView", seed);
  requireInteger("makeView", "view", view);
  requireInteger("makeView", "step", step);
  const [, ...imageShape] = batch.shape;
  const stages = stagesOf(policy, imageShape);
  const refs = Array.from(batch.ids, (item): ViewRef => {
    const random = seededRandom(seed, step, view, item);
    const parameters: Record<string, ViewParameters[string]> = {};
    const steps: ViewGeometry["steps"][number][] = [];
    for (const { augmentation, from, size } of stages) {
      const drawn = augmentation.draw(random, from);
      parameters[augmentation.name] = drawn;
      const isResized = size[0] !== from[0] || size[1] !== from[1];
      if (augmentation.toSource) steps.push({ size, toSource: augmentation.toSource(drawn, from) });
      else if (isResized) steps.push({ size, toSource: identity });
    }
    return { item, view, parameters, geometry: { imageSize: [imageShape[0], imageShape[1]], steps } };
  });
  const original = toTensor(batch);
  try {
    return { images: applyPolicy(original, policy, refs), refs };
  } finally {
    original.dispose();
  }
}

/** One augmentation at its place in a policy. */
interface Stage {
  readonly augmentation: Augmentation;
  readonly from: ImageShape;
  /** Height and width of what it makes. */
  readonly size: readonly [number, number];
}

function stagesOf(policy: Policy, imageShape: ImageShape): Stage[] {
  let from = imageShape;
  return policy.augmentations.map((augmentation) => {
    const size = augmentation.sizeOf?.(from) ?? ([from[0], from[1]] as const);
    const stage = { augmentation, from, size };
    from = [...size, from[2]];
    return stage;
  });
}
