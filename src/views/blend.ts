import { clipByValue, split, type Tensor4D, tensor4d } from "../engine/tensor.js";
import { luma } from "./luma.js";

/** `factor` parts of an image, 1 − `factor` parts of black, of its mean gray, or of its own gray version. */
export interface Blend {
  readonly with: "black" | "mean" | "gray";
  readonly factor: number;
}

/**
 * Blends each image in its own way and clips to [0, 1]: torchvision's `adjust_brightness` (with black),
 * `adjust_contrast` (mean) and `adjust_saturation` (gray). All three are one formula with different weights, so
 * images of a batch may differ in kind. Call it in a tidy.
 *
 * @param planes [channels, batch, height, width] in [0, 1], 1 or 3 channels
 */
export function blend(planes: Tensor4D, blends: readonly Blend[]): Tensor4D {
  const gray = grayOf(planes);
  const weight = (kind: Blend["with"]) => perColumn(blends.map((one) => (one.with === kind ? 1 - one.factor : 0)));
  const mean = gray.mean<Tensor4D>(3, true).mean<Tensor4D>(2, true); // by axis: a long sum may be cut by batch size
  const other = gray.mul<Tensor4D>(weight("gray")).add<Tensor4D>(mean.mul(weight("mean")));
  const own = planes.mul<Tensor4D>(perColumn(blends.map(({ factor }) => factor)));
  return clipByValue(own.add<Tensor4D>(other), 0, 1);
}

/** Gray version, [1, batch, height, width]. */
function grayOf(planes: Tensor4D): Tensor4D {
  if (planes.shape[0] !== 3) return planes;
  const [red, green, blue] = split(planes, 3, 0) as [Tensor4D, Tensor4D, Tensor4D];
  return luma(red, green, blue);
}

/** One number per image, [1, batch, 1, 1]. */
function perColumn(values: readonly number[]): Tensor4D {
  return tensor4d(Float32Array.from(values), [1, values.length, 1, 1]);
}
