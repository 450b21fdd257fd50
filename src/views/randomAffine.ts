import { requirePositive, requireThat, requireWithin } from "../check/index.js";
import type { Augmentation } from "./augmentation.js";
import { about, type Homography } from "./homography.js";
import { degreesInWords, rangeOf, type WarpOptions, warp } from "./warp.js";
import type { Applied } from "./withProbability.js";

type Affine = {
  /** Degrees clockwise. */
  readonly angle: number;
  /** Pixels to the right and down. */
  readonly shift: readonly [number, number];
  readonly scale: number;
  /** Degrees along x and y. */
  readonly shear: readonly [number, number];
};

/** Options of {@link randomAffine}; `interpolation` is "nearest" and `probability` 1 by default, as in torchvision. */
export interface RandomAffineOptions extends WarpOptions {
  /** Least and largest angle, degrees clockwise, uniform; a number stands for −degrees … degrees. */
  readonly degrees: number | readonly [number, number];
  /** Largest shift as shares of width and height, uniform in whole pixels; default none. */
  readonly translate?: readonly [number, number];
  /** Least and largest factor of size, uniform; default 1. */
  readonly scale?: readonly [number, number];
  /** Least and largest shear along x, degrees, uniform; a number stands for −shear … shear; default none. */
  readonly shear?: number | readonly [number, number];
  /** The same along y; default none. */
  readonly shearY?: number | readonly [number, number];
}

/**
 * Rotates, shears and scales each image about its middle and shifts it: torchvision's `RandomAffine` on tensors.
 *
 * @throws RangeError such as `randomAffine: scale must be ascending, got [2, 1]`
 */
export function randomAffine(options: RandomAffineOptions): Augmentation<Applied<Affine>> {
  const { degrees, translate = [0, 0], scale = [1, 1], shear = 0, shearY = 0 } = options;
  const { interpolation = "nearest", fill = 0, probability = 1 } = options;
  const name = "randomAffine";
  const angles = rangeOf(name, "degrees", degrees);
  for (const share of translate) requireWithin(name, "translate", share, 0, 1);
  for (const factor of scale) requirePositive(name, "scale", factor);
  requireThat(scale[0] <= scale[1], name, `scale must be ascending, got [${scale.join(", ")}]`);
  const [shears, shearsY] = [rangeOf(name, "shear", shear), rangeOf(name, "shearY", shearY)];
  return warp<Affine>(
    {
      name,
      draw(random, [height, width]) {
        const [across, down] = [translate[0] * width, translate[1] * height];
        return {
          angle: random.uniform(...angles),
          shift: [Math.round(random.uniform(-across, across)), Math.round(random.uniform(-down, down))],
          scale: random.uniform(...scale),
          shear: [random.uniform(...shears), random.uniform(...shearsY)],
        };
      },
      toSource: (parameters, [height, width]) => affineToSource(parameters, height, width),
      describe({ angle, shift, scale: factor, shear: [x, y] }) {
        const words = [degreesInWords(angle), `shift ${shift[0]} ${shift[1]}`, `×${factor.toFixed(2)}`];
        return `affine (${words.join(", ")}, shear ${degreesInWords(x)} ${degreesInWords(y)})`;
      },
    },
    { interpolation, fill, probability },
  );
}

/** The inverse of shift · rotation · scale · shear along y · shear along x, about the middle of the image. */
function affineToSource({ angle, shift, scale, shear }: Affine, height: number, width: number): Homography {
  const [rotation, sx, sy] = [angle, ...shear].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  const a = Math.cos(rotation - sy) / Math.cos(sy);
  const b = -a * Math.tan(sx) - Math.sin(rotation);
  const c = Math.sin(rotation - sy) / Math.cos(sy);
  const d = -c * Math.tan(sx) + Math.cos(rotation);
  const [p, q, r, s] = [d / scale, -b / scale, -c / scale, a / scale]; // the determinant of a, b, c, d is 1
  const back = [-p * shift[0] - q * shift[1], -r * shift[0] - s * shift[1]] as const;
  return about((width - 1) / 2, (height - 1) / 2, [p, q, back[0], r, s, back[1]]);
}
