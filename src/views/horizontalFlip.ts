import type { Augmentation } from "./augmentation.js";
import { type Flip, flip } from "./flip.js";

/**
 * Mirrors each image left to right with a probability.
 *
 * @param options.probability default 0.5
 * @throws RangeError `horizontalFlip: probability must be in [0, 1], got 2`
 */
export function horizontalFlip(options: { probability?: number } = {}): Augmentation<Flip> {
  return flip({ name: "horizontalFlip", words: "flipped", axis: 2 }, options.probability ?? 0.5);
}
