import { requireInteger, requireProbability, requireThat } from "../check/index.js";
import { scalar, tidy } from "../engine/tensor.js";
import type { Augmentation } from "./augmentation.js";
import { type Box, describeBox } from "./box.js";
import { eraseBoxes } from "./eraseBoxes.js";
import { type Applied, maybeApplied } from "./withProbability.js";

/**
 * Cuts a square out of each image whose middle is uniform over the pixels, so that it may reach beyond the image.
 * DeVries & Taylor 2017, "Improved Regularization of Convolutional Neural Networks with Cutout" (arXiv:1708.04552).
 *
 * @param options.size side of the square, px; default half of the image's height: the paper's 16 for CIFAR-10
 * @param options.value that stands in the square; default 0
 * @param options.probability default 1, as in the authors' code
 * @throws RangeError such as `cutout: size must be an integer >= 1, got 0`
 */
export function cutout(
  options: { size?: number; value?: number; probability?: number } = {},
): Augmentation<Applied<Box>> {
  const { size, value = 0, probability = 1 } = options;
  if (size !== undefined) requireInteger("cutout", "size", size, 1);
  requireThat(Number.isFinite(value), "cutout", `value must be finite, got ${value}`);
  requireProbability("cutout", "probability", probability);
  return maybeApplied<Box>(
    {
      name: "cutout",
      draw(random, [height, width]) {
        const side = size ?? Math.max(1, Math.round(height / 2));
        const [y, x] = [random.integer(height), random.integer(width)].map((middle) => middle - Math.floor(side / 2));
        const [top, left] = [Math.max(0, y as number), Math.max(0, x as number)];
        return {
          top,
          left,
          height: Math.min(height, (y as number) + side) - top,
          width: Math.min(width, (x as number) + side) - left,
        };
      },
      apply: (images, boxes) => tidy(() => eraseBoxes(images, boxes, scalar(value))),
      describe: (box) => `cut out ${describeBox(box)}`,
    },
    probability,
  );
}
