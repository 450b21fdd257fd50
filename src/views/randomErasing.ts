import { requirePositive, requireProbability, requireThat, seededRandom } from "../check/index.js";
import { type Tensor4D, tensor4d, tidy } from "../engine/tensor.js";
import type { Augmentation, ImageShape } from "./augmentation.js";
import { type Box, describeBox } from "./box.js";
import { drawBox } from "./drawBox.js";
import { eraseBoxes } from "./eraseBoxes.js";

type Erasing = Box & {
  readonly applied: boolean;
  /** Of the noise in the box; 0 where the value is given. */
  readonly noiseSeed: number;
};

/** Options of {@link randomErasing}. */
export interface RandomErasingOptions {
  /** Default 0.5. */
  readonly probability?: number;
  /** Least and largest share of the area, in (0, 1]; default [0.02, 0.33]. */
  readonly scale?: readonly [number, number];
  /** Least and largest height / width; default [0.3, 3.3]. */
  readonly ratio?: readonly [number, number];
  /** What the box is filled with: a value, one per channel, or standard normal noise; default 0. */
  readonly value?: number | readonly number[] | "noise";
}

/**
 * Erases a random box of each image: torchvision's `RandomErasing`, Zhong et al. 2020, "Random Erasing Data
 * Augmentation" (arXiv:1708.04896). The area is uniform in `scale`, the aspect ratio log-uniform in `ratio`; after ten
 * boxes that are not smaller than the image, it stays as it is.
 *
 * @throws RangeError such as `randomErasing: scale must be ascending in (0, 1], got [0.2, 2]`
 */
export function randomErasing(options: RandomErasingOptions = {}): Augmentation<Erasing> {
  const { probability = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = options;
  const name = "randomErasing";
  requireProbability(name, "probability", probability);
  const ascending = scale[0] > 0 && scale[0] <= scale[1] && scale[1] <= 1;
  requireThat(ascending, name, `scale must be ascending in (0, 1], got [${scale.join(", ")}]`);
  for (const bound of ratio) requirePositive(name, "ratio", bound);
  requireThat(ratio[0] <= ratio[1], name, `ratio must be ascending, got [${ratio.join(", ")}]`);
  for (const one of value === "noise" ? [] : [value].flat()) {
    requireThat(Number.isFinite(one), name, `value must be finite, or "noise", got ${one}`);
  }
  return {
    name,
    draw(random, imageShape) {
      const chosen = random.chance(probability);
      const noiseSeed = value === "noise" ? random.integer(2 ** 31) : 0;
      const box = drawBox(random, imageShape, { scale, ratio: [1 / ratio[1], 1 / ratio[0]] }, 1);
      const applied = chosen && box !== undefined;
      return { applied, ...(box ?? { top: 0, left: 0, height: 0, width: 0 }), noiseSeed };
    },
    apply(images, parameters) {
      const boxes = parameters.map((own) => (own.applied ? own : { ...own, height: 0, width: 0 }));
      return tidy(() =>
        eraseBoxes(images, boxes, value === "noise" ? noise(images, parameters) : fillOf(images, value)),
      );
    },
    describe: (parameters) => (parameters.applied ? `erased ${describeBox(parameters)}` : ""),
  };
}

/** One value, or one per channel, as a tensor that broadcasts over the pixels. */
function fillOf(images: Tensor4D, value: number | readonly number[]): Tensor4D {
  const channels = images.shape[3];
  const list = typeof value === "number" ? [value] : [...value];
  const must = `value must be a number or one for each of the image's ${channels} channels`;
  requireThat(list.length === 1 || list.length === channels, "randomErasing", `${must}, got ${list.length}`);
  return tensor4d(list, [1, 1, 1, list.length]);
}

/** Noise in each box, 0 around it. */
function noise(images: Tensor4D, parameters: readonly Erasing[]): Tensor4D {
  const [, height, width, channels] = images.shape satisfies readonly [number, ...ImageShape];
  const values = new Float32Array(images.size);
  parameters.forEach(({ applied, noiseSeed, ...box }, image) => {
    if (!applied) return;
    const random = seededRandom(noiseSeed);
    for (let y = box.top; y < box.top + box.height; y++) {
      const start = ((image * height + y) * width + box.left) * channels;
      for (let at = start; at < start + box.width * channels; at++) values[at] = random.normal();
    }
  });
  return tensor4d(values, images.shape);
}
