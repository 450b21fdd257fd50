import { requireProbability } from "../check/index.js";
import { concat, split, type Tensor4D, tidy } from "../engine/tensor.js";
import type { Augmentation } from "./augmentation.js";
import { inGroups } from "./inGroups.js";
import { luma } from "./luma.js";

type Grayscale = { readonly gray: boolean };

/**
 * Takes the colour out of each image with a probability; all three channels become the gray value. Images of one
 * channel stay as they are.
 *
 * @param options.probability default 0.2
 * @throws RangeError `randomGrayscale: probability must be in [0, 1], got 2`
 */
export function randomGrayscale(options: { probability?: number } = {}): Augmentation<Grayscale> {
  const { probability = 0.2 } = options;
  requireProbability("randomGrayscale", "probability", probability);
  return {
    name: "randomGrayscale",
    draw: (random, [, , channels]) => {
      const gray = random.chance(probability);
      return { gray: gray && channels === 3 };
    },
    apply: (images, parameters) =>
      tidy(() => {
        const grayed = parameters.flatMap(({ gray }, position) => (gray ? [position] : []));
        return inGroups(images, [grayed], grayscale);
      }),
    describe: describeGrayscale,
  };
}

function grayscale(images: Tensor4D): Tensor4D {
  const planes = images.transpose<Tensor4D>([3, 0, 1, 2]); // channels first: each channel is one contiguous block
  const [red, green, blue] = split(planes, 3, 0) as [Tensor4D, Tensor4D, Tensor4D];
  const gray = luma(red, green, blue);
  return concat([gray, gray, gray]).transpose<Tensor4D>([1, 2, 3, 0]);
}

/** `gray`, or nothing. */
export function describeGrayscale({ gray }: Grayscale): string {
  return gray ? "gray" : "";
}
