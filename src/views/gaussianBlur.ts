import { requireInteger, requireProbability, requireThat } from "../check/index.js";
import { inGroups } from "../engine/fused/inGroups.js";
import { perImage } from "../engine/fused/perImage.js";
import { type Tensor4D, tensor1d, tidy } from "../engine/tensor.js";
import type { Augmentation } from "./augmentation.js";

type Blur = { readonly applied: boolean; readonly sigma: number };

/**
 * Blurs each image with a Gaussian of random width: torchvision's `GaussianBlur` inside `RandomApply`, borders
 * reflected.
 *
 * @param options.sigma least and largest standard deviation, px, uniform; default [0.1, 2], as in SimCLR and MoCo v2
 * @param options.kernelSize odd number of pixels; default a tenth of the image as in SimCLR: 3 at 32 px, 23 at 224 px
 * @param options.probability default 0.5
 * @throws RangeError such as `gaussianBlur: kernelSize must be odd, got 4`
 */
export function gaussianBlur(
  options: { sigma?: readonly [number, number]; kernelSize?: number; probability?: number } = {},
): Augmentation<Blur> {
  const { sigma = [0.1, 2], kernelSize, probability = 0.5 } = options;
  const ascending = sigma[0] > 0 && sigma[0] <= sigma[1];
  requireThat(ascending, "gaussianBlur", `sigma must be ascending and > 0, got [${sigma.join(", ")}]`);
  requireProbability("gaussianBlur", "probability", probability);
  if (kernelSize !== undefined) {
    requireInteger("gaussianBlur", "kernelSize", kernelSize, 1);
    requireThat(kernelSize % 2 === 1, "gaussianBlur", `kernelSize must be odd, got ${kernelSize}`);
  }
  return {
    name: "gaussianBlur",
    draw: (random) => ({ applied: random.chance(probability), sigma: random.uniform(...sigma) }),
    apply: (images, parameters) => tidy(() => blur(images, parameters, kernelSize ?? tenthOf(images.shape[1]))),
    describe: describeBlur,
  };
}

function tenthOf(size: number): number {
  return Math.max(3, 2 * Math.floor(size / 20) + 1);
}

function blur(images: Tensor4D, parameters: readonly Blur[], kernelSize: number): Tensor4D {
  const least = Math.min(images.shape[1], images.shape[2]);
  const half = (kernelSize - 1) / 2;
  requireThat(half < least, "gaussianBlur", `kernelSize must be < ${2 * least} for this image, got ${kernelSize}`);
  const blurred = parameters.flatMap(({ applied }, position) => (applied ? [position] : []));
  return inGroups(images, [blurred], (part, positions) => {
    const kernels = positions.map((position) => gaussian((parameters[position] as Blur).sigma, half));
    return blurAlong(blurAlong(part, 1, kernels), 2, kernels);
  });
}

/** Sum of shifted images: with few taps cheaper than a convolution per image, and the same to the bit in any batch. */
function blurAlong(images: Tensor4D, axis: 1 | 2, kernels: readonly (readonly number[])[]): Tensor4D {
  const taps = (kernels[0] as readonly number[]).length;
  const extent = images.shape[axis];
  let sum: Tensor4D | undefined;
  for (let tap = 0; tap < taps; tap++) {
    const sources = Int32Array.from({ length: extent }, (_, at) => reflect(at + tap - (taps - 1) / 2, extent));
    const shifted = images.gather<Tensor4D>(tensor1d(sources, "int32"), axis);
    const weighted = shifted.mul<Tensor4D>(perImage(kernels.map((kernel) => kernel[tap] as number)));
    sum = sum ? sum.add<Tensor4D>(weighted) : weighted;
  }
  return sum as Tensor4D;
}

/** The border pixel is the mirror and is not repeated: −1 → 1. */
function reflect(at: number, extent: number): number {
  const inside = Math.abs(at);
  return inside < extent ? inside : 2 * (extent - 1) - inside;
}

/** Weights at −half … half that add up to 1. */
function gaussian(sigma: number, half: number): number[] {
  const weights = Array.from({ length: 2 * half + 1 }, (_, tap) => Math.exp(-0.5 * ((tap - half) / sigma) ** 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Such as `blur σ 1.20`, or nothing. */
export function describeBlur({ applied, sigma }: Blur): string {
  return applied ? `blur σ ${sigma.toFixed(2)}` : "";
}
