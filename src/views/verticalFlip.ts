import type { Augmentation } from "./augmentation.js";
import { type Flip, flip } from "./flip.js";

/**
 * Mirrors each image top to bottom with a probability.
 *
 * @param options.probability default 0.5
 * @throws RangeError `verticalFlip: probability must be in [0, 1], got 2`
 */
export function verticalFlip(options: { probability?: number } = {}): Augmentation<Flip> {
  return flip({ name: "verticalFlip", words: "upside down", axis: 1 }, options.probability ?? 0.5);
}
