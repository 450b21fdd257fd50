import { requireProbability } from "../check/index.js";
import {
  cumsum,
  denseBincount,
  gather,
  range,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from "../engine/tensor.js";
import type { Augmentation, Parameters } from "./augmentation.js";
import { type Applied, maybeApplied } from "./withProbability.js";

/**
 * Spreads the values of each channel so that all levels are about equally frequent, torchvision's `RandomEqualize`.
 * Values are rounded to bytes first.
 *
 * @param options.probability default 0.5
 * @throws RangeError `equalize: probability must be in [0, 1], got 2`
 */
export function equalize(options: { probability?: number } = {}): Augmentation<Applied<Parameters>> {
  const { probability = 0.5 } = options;
  requireProbability("equalize", "probability", probability);
  const inner = { name: "equalize", draw: () => ({}), apply: equalized, describe: () => "equalized" };
  return maybeApplied<Parameters>(inner, probability);
}

/** By a table of 256 new values per channel: how many pixels are darker, in steps of a 255th of the pixels. */
function equalized(images: Tensor4D): Tensor4D {
  return tidy(() => {
    const [n, height, width, channels] = images.shape;
    const pixels = height * width;
    const planes = images.transpose([0, 3, 1, 2]).reshape([n * channels, pixels]);
    const bytes = planes.mul(255).round().toInt();
    // One row of 256 levels per plane, counted as one: webgpu's DenseBincount of two dimensions counts the first row alone.
    const offsets = range(0, n * channels, 1, "int32")
      .mul(256)
      .expandDims(1);
    const entries = offsets.add(bytes).flatten().toInt() as Tensor1D;
    const counts = denseBincount(entries, [], n * channels * 256).reshape([n * channels, 256]);
    const darker = cumsum(counts.toFloat(), 1, true);
    const highest = offsets.add(bytes.max(1, true)).flatten().toInt(); // level of each plane
    const brightest = gather(counts.flatten(), highest).toFloat().expandDims(1); // pixels that have it
    const step = floorOfQuotient(brightest.neg().add(pixels), 255);
    const spread = floorOfQuotient(darker.add(floorOfQuotient(step, 2)), step.maximum(1)).clipByValue(0, 255);
    const few = step.equal(0).toFloat(); // 1 where there is nothing to spread: the levels stay
    const table = spread.mul(few.neg().add(1)).add(range(0, 256).mul(few));
    const levels = gather(table.flatten(), entries).reshape([n, channels, height, width]);
    return levels.transpose([0, 2, 3, 1]).div(255) as Tensor4D;
  });
}

/** ⌊a / b⌋ of whole numbers; the half keeps the quotient off the whole numbers, so that division may round. */
function floorOfQuotient(a: Tensor, b: Tensor | number): Tensor {
  return a.add(0.5).div(b).floor();
}
