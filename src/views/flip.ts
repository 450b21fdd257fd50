import { requireProbability } from "../check/index.js";
import { flipImages } from "../engine/fused/index.js";
import type { Augmentation } from "./augmentation.js";
import { identity } from "./homography.js";

export type Flip = { readonly flipped: boolean };

/** What sets one mirror apart from the other. */
interface Mirror {
  readonly name: string;
  /** What is said of a mirrored image. */
  readonly words: string;
  /** 1: top to bottom, 2: left to right. */
  readonly axis: 1 | 2;
}

/** Mirrors each image along an axis with a probability. */
export function flip({ name, words, axis }: Mirror, probability: number): Augmentation<Flip> {
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
