import { requireInteger, requireProbability, requireThat } from "../check/index.js";
import { blurImages } from "../engine/fused/index.js";
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
  const ascending = sigma[0] > 0 && sigma[0] <= sigma[1] && sigma[1] < Infinity;
  requireThat(ascending, "gaussianBlur", `sigma must be ascending, finite and > 0, got [${sigma.join(", ")}]`);
  requireProbability("gaussianBlur", "probability", probability);
  if (kernelSize !== undefined) {
    requireInteger("gaussianBlur", "kernelSize", kernelSize, 1);
    requireThat(kernelSize % 2 === 1, "gaussianBlur", `kernelSize must be odd, got ${kernelSize}`);
  }
  return {
    name: "gaussianBlur",
    draw: (random) => ({ applied: random.chance(probability), sigma: random.uniform(...sigma) }),
    apply(images, parameters) {
      const [, height, width] = images.shape;
      const taps = kernelSize ?? tenthOf(height);
      const most = 2 * Math.min(height, width);
      requireThat(taps < most, "gaussianBlur", `kernelSize must be < ${most} for this image, got ${taps}`);
      const sigmas = parameters.map((blur) => (blur.applied ? blur.sigma : undefined));
      return blurImages(images, sigmas, taps);
    },
    describe: describeBlur,
  };
}

function tenthOf(size: number): number {
  return Math.max(3, 2 * Math.floor(size / 20) + 1);
}

/** Such as `blur σ 1.20`, or nothing. */
function describeBlur({ applied, sigma }: Blur): string {
  return applied ? `blur σ ${sigma.toFixed(2)}` : "";
}
