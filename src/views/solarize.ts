import { requireProbability, requireWithin } from "../check/index.js";
import { type Tensor4D, tidy, where } from "../engine/tensor.js";
import type { Augmentation } from "./augmentation.js";
import { type Applied, maybeApplied } from "./withProbability.js";

type Solarize = { readonly threshold: number };

/**
 * Inverts the values from a threshold on: x becomes 1 − x where x ≥ threshold, torchvision's `RandomSolarize`.
 *
 * @param options.threshold in [0, 1]; default 0.5 (Grill et al. 2020, "Bootstrap Your Own Latent", arXiv:2006.07733, App. B)
 * @param options.probability default 0.5
 * @throws RangeError such as `solarize: threshold must be in [0, 1], got 128`
 */
export function solarize(options: { threshold?: number; probability?: number } = {}): Augmentation<Applied<Solarize>> {
  const { threshold = 0.5, probability = 0.5 } = options;
  requireWithin("solarize", "threshold", threshold, 0, 1);
  requireProbability("solarize", "probability", probability);
  return maybeApplied(
    {
      name: "solarize",
      draw: () => ({ threshold }),
      apply: (images) => tidy(() => where(images.greaterEqual(threshold), images.neg().add(1), images) as Tensor4D),
      describe: (parameters) => `solarized at ${parameters.threshold}`,
    },
    probability,
  );
}
