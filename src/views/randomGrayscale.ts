import { requireProbability } from "../check/index.js";
import { split, type Tensor4D, tidy, where } from "../engine/tensor.js";
import type { Augmentation } from "./augmentation.js";
import { luma } from "./luma.js";
import { perImage } from "./perImage.js";

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
        if (images.shape[3] !== 3) return images.clone();
        const gray = perImage(parameters.map(({ gray }) => Number(gray))).cast<Tensor4D>("bool");
        const [red, green, blue] = split(images, 3, 3) as [Tensor4D, Tensor4D, Tensor4D];
        return where<Tensor4D>(gray, luma(red, green, blue), images);
      }),
    describe: describeGrayscale,
  };
}

/** `gray`, or nothing. */
export function describeGrayscale({ gray }: Grayscale): string {
  return gray ? "gray" : "";
}
