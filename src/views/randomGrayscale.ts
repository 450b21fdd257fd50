import { requireProbability } from "../check/index.js";
import { colorJitterKernel } from "../engine/fused/index.js";
import type { Tensor4D } from "../engine/tensor.js";
import type { Augmentation } from "./augmentation.js";

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
    apply: desaturate,
    describe: describeGrayscale,
  };
}

/** Desaturates the gray ones to the end: the change numbered 2 of {@link colorJitterKernel} with factor 0. */
function desaturate(images: Tensor4D, parameters: readonly Grayscale[]): Tensor4D {
  const orders = parameters.flatMap(({ gray }) => [gray ? 2 : -1, -1, -1, -1]);
  return colorJitterKernel(images, { factors: new Float32Array(orders.length), orders: Int32Array.from(orders) });
}

/** `gray`, or nothing. */
function describeGrayscale({ gray }: Grayscale): string {
  return gray ? "gray" : "";
}
