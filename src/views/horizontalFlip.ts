import { requireProbability } from "../check/index.js";
import { flipImages } from "../engine/fused/index.js";
import type { Augmentation } from "./augmentation.js";

type Flip = { readonly flipped: boolean };

/**
 * Mirrors each image left to right with a probability.
 *
 * @param options.probability default 0.5
 * @throws RangeError `horizontalFlip: probability must be in [0, 1], got 2`
 */
export function horizontalFlip(options: { probability?: number } = {}): Augmentation<Flip> {
  const { probability = 0.5 } = options;
  requireProbability("horizontalFlip", "probability", probability);
  return {
    name: "horizontalFlip",
    draw: (random) => ({ flipped: random.chance(probability) }),
    apply: (images, parameters) =>
      flipImages(
        images,
        Uint8Array.from(parameters, ({ flipped }) => Number(flipped)),
      ),
    describe: describeFlip,
  };
}

/** `flipped`, or nothing. */
export function describeFlip({ flipped }: Flip): string {
  return flipped ? "flipped" : "";
}
