import { type Tensor4D, tensor1d, tidy } from "../tensor.js";
import { imagesKernel } from "./imagesKernel.js";
import { inGroups } from "./inGroups.js";
import { GaussianBlur, hasKernel } from "./kernelNames.js";
import { perImage } from "./perImage.js";

/**
 * Blurs some images of a batch with a Gaussian each, borders reflected, where the engine can in one kernel.
 *
 * @param images [n, height, width, channels]
 * @param sigmas standard deviation per image, px; `undefined`: the image stays as it is
 * @param taps odd number of pixels that are summed along each axis; at most 2 · the lesser extent − 1
 */
export function blurImages(images: Tensor4D, sigmas: readonly (number | undefined)[], taps: number): Tensor4D {
  if (hasKernel(GaussianBlur)) {
    const weights = new Float32Array(sigmas.length * taps);
    sigmas.forEach((sigma, image) => {
      if (sigma === undefined) weights[image * taps + (taps - 1) / 2] = 1;
      else weights.set(gaussian(sigma, taps), image * taps);
    });
    return imagesKernel(GaussianBlur, images, { weights, taps });
  }
  const blurred = sigmas.flatMap((sigma, image) => (sigma === undefined ? [] : [image]));
  return tidy(() =>
    inGroups(images, [blurred], (part, positions) => {
      const kernels = positions.map((image) => gaussian(sigmas[image] as number, taps));
      return blurAlong(blurAlong(part, 1, kernels), 2, kernels);
    }),
  );
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

/** Weights of the taps, which add up to 1. */
function gaussian(sigma: number, taps: number): number[] {
  const weights = Array.from({ length: taps }, (_, tap) => Math.exp(-0.5 * ((tap - (taps - 1) / 2) / sigma) ** 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
