import type { Augmentation } from "./augmentation.js";
import { about } from "./homography.js";
import { degreesInWords, rangeOf, type WarpOptions, warp } from "./warp.js";
import type { Applied } from "./withProbability.js";

type Rotation = { readonly angle: number };

/** Options of {@link randomRotation}; `interpolation` is "nearest" and `probability` 1 by default, as in torchvision. */
export interface RandomRotationOptions extends WarpOptions {
  /** Least and largest angle, degrees counter-clockwise, uniform; a number stands for −degrees … degrees. */
  readonly degrees: number | readonly [number, number];
}

/**
 * Rotates each image about its middle by a random angle: torchvision's `RandomRotation` on tensors.
 *
 * @throws RangeError such as `randomRotation: degrees must be ascending, got [10, -10]`
 */
export function randomRotation(options: RandomRotationOptions): Augmentation<Applied<Rotation>> {
  const { degrees, interpolation = "nearest", fill = 0, probability = 1 } = options;
  const name = "randomRotation";
  const range = rangeOf(name, "degrees", degrees);
  return warp<Rotation>(
    {
      name,
      draw: (random) => ({ angle: random.uniform(...range) }),
      toSource({ angle }, [height, width]) {
        const [sine, cosine] = sineAndCosine(angle);
        return about((width - 1) / 2, (height - 1) / 2, [cosine, -sine, 0, sine, cosine, 0]);
      },
      describe: ({ angle }) => `rotated ${degreesInWords(angle)}`,
    },
    { interpolation, fill, probability },
  );
}

function sineAndCosine(degrees: number): [sine: number, cosine: number] {
  const radians = (degrees * Math.PI) / 180;
  return [Math.sin(radians), Math.cos(radians)];
}
