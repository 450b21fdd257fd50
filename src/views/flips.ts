import { requireProbability } from "../check/index.js";
import { flipImages } from "../engine/fused/index.js";
import type { Augmentation } from "./augmentation.js";
import { identity } from "./homography.js";

type Flip = { readonly flipped: boolean };

/**
 * Mirrors each image left to right with a probability.
 *
 * @param options.probability default 0.5
 * @throws RangeError `horizontalFlip: probability must be in [0, 1], got 2`
 */
export function horizontalFlip(options: { probability?: number } = {}): Augmentation<Flip> {
  return flip("horizontalFlip", "flipped", 2, options.probability);
}

/**
 * Mirrors each image top to bottom with a probability.
 *
 * @param options.probability default 0.5
 * @throws RangeError `verticalFlip: probability must be in [0, 1], got 2`
 */
export function verticalFlip(options: { probability?: number } = {}): Augmentation<Flip> {
  return flip("verticalFlip", "upside down", 1, options.probability);
}

/** @param axis 1: top to bottom, 2: left to right */
function flip(name: string, words: string, axis: 1 | 2, probability = 0.5): Augmentation<Flip> {
  requireProbability(name, "probability", probability);
  return {
    name,
    draw: (random) => ({ flipped: random.chance(probability) }),
    apply: (images, parameters) =>
      flipImages(
        images,
        Uint8Array.from(parameters, ({ flipped }) => Number(flipped)),
        axis,
      ),
    describe: ({ flipped }) => (flipped ? words : ""),
    toSource({ flipped }, [height, width]) {
      if (!flipped) return identity;
      return axis === 1 ? [1, 0, 0, 0, -1, height - 1, 0, 0, 1] : [-1, 0, width - 1, 0, 1, 0, 0, 0, 1];
    },
  };
}
