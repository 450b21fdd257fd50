import { requirePositive, requireThat } from "../check/index.js";
import { type Tensor4D, tensor1d, tidy } from "../engine/tensor.js";
import type { Augmentation, Parameters } from "./augmentation.js";

/**
 * Subtracts the mean of each channel and divides by its standard deviation, torchvision's `Normalize`; the last
 * augmentation of a policy, as the others want values in [0, 1].
 *
 * @param options.mean of the data set, one per channel, of values in [0, 1]
 * @param options.std standard deviation, one per channel
 * @throws RangeError such as `normalize: std must be > 0, got 0`
 */
export function normalize(options: { mean: readonly number[]; std: readonly number[] }): Augmentation<Parameters> {
  const { mean, std } = options;
  const counts = `mean and std must have one value per channel, got ${mean.length} and ${std.length}`;
  requireThat(mean.length === std.length && mean.length > 0, "normalize", counts);
  for (const value of std) requirePositive("normalize", "std", value);
  for (const value of mean) requireThat(Number.isFinite(value), "normalize", `mean must be finite, got ${value}`);
  return {
    name: "normalize",
    draw: () => ({}),
    apply(images) {
      const channels = images.shape[3];
      const must = `mean and std must have one value for each of the image's ${channels} channels`;
      requireThat(mean.length === channels, "normalize", `${must}, got ${mean.length}`);
      return tidy(() => images.sub(tensor1d([...mean])).div<Tensor4D>(tensor1d([...std])));
    },
    describe: () => "",
  };
}
