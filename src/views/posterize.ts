import { requireProbability, requireThat } from "../check/index.js";
import { type Tensor4D, tidy } from "../engine/tensor.js";
import type { Augmentation } from "./augmentation.js";
import { type Applied, maybeApplied } from "./withProbability.js";

type Posterize = { readonly bits: number };

/**
 * Keeps the highest bits of each value as a byte, torchvision's `RandomPosterize`. Values are rounded to bytes first.
 *
 * @param options.bits that are kept, in 0 … 8
 * @param options.probability default 0.5
 * @throws RangeError such as `posterize: bits must be an integer in [0, 8], got 9`
 */
export function posterize(options: { bits: number; probability?: number }): Augmentation<Applied<Posterize>> {
  const { bits, probability = 0.5 } = options;
  const isCount = Number.isInteger(bits) && bits >= 0 && bits <= 8;
  requireThat(isCount, "posterize", `bits must be an integer in [0, 8], got ${bits}`);
  requireProbability("posterize", "probability", probability);
  const step = 2 ** (8 - bits);
  return maybeApplied(
    {
      name: "posterize",
      draw: () => ({ bits }),
      apply: (images) =>
        tidy(() => {
          const bytes = images.mul(255).round();
          const levels = bytes.add(0.5).div(step).floor(); // half a byte from every edge, so that division may round
          return levels.mul(step / 255) as Tensor4D;
        }),
      describe: (parameters) => `posterized to ${parameters.bits} bits`,
    },
    probability,
  );
}
