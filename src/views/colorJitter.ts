import { type Random, requireProbability, requireThat, requireWithin } from "../check/index.js";
import { ColorJitter, colorJitterKernel, hasKernel } from "../engine/fused/index.js";
import { type Tensor4D, tidy } from "../engine/tensor.js";
import type { Augmentation } from "./augmentation.js";
import { type Blend, blend } from "./blend.js";
import { inGroups } from "./inGroups.js";
import { shiftHue } from "./shiftHue.js";

/** What is changed, in torchvision's numbering. */
const changes = ["brightness", "contrast", "saturation", "hue"] as const;
const hueChange = changes.indexOf("hue");

type Jitter = {
  readonly applied: boolean;
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly hue: number;
  /** Indices into brightness, contrast, saturation, hue, in the order of application. */
  readonly order: readonly number[];
};

/**
 * Changes brightness, contrast, saturation and hue in random order: torchvision's `ColorJitter` on tensors inside
 * `RandomApply`, with an order and factors of its own for every image. Factors are uniform in [max(0, 1 − x), 1 + x],
 * the hue shift in [−hue, hue] turns. In images of one channel saturation and hue change nothing.
 *
 * @param options.brightness default 0.4
 * @param options.contrast default 0.4
 * @param options.saturation default 0.4
 * @param options.hue at most half a turn; default 0.1
 * @param options.probability with which an image is changed at all; default 0.8
 * @throws RangeError such as `colorJitter: hue must be in [0, 0.5], got 1`
 */
export function colorJitter(
  options: { brightness?: number; contrast?: number; saturation?: number; hue?: number; probability?: number } = {},
): Augmentation<Jitter> {
  const { brightness = 0.4, contrast = 0.4, saturation = 0.4, hue = 0.1, probability = 0.8 } = options;
  for (const [name, strength] of Object.entries({ brightness, contrast, saturation })) {
    requireThat(strength >= 0, "colorJitter", `${name} must be >= 0, got ${strength}`);
  }
  requireWithin("colorJitter", "hue", hue, 0, 0.5);
  requireProbability("colorJitter", "probability", probability);
  const factor = (random: Random, strength: number) => random.uniform(Math.max(0, 1 - strength), 1 + strength);
  return {
    name: "colorJitter",
    draw: (random) => ({
      applied: random.chance(probability),
      brightness: factor(random, brightness),
      contrast: factor(random, contrast),
      saturation: factor(random, saturation),
      hue: random.uniform(-hue, hue),
      order: [...random.permutation(changes.length)],
    }),
    apply: (images, parameters) =>
      hasKernel(ColorJitter) ? colorJitterKernel(images, pack(parameters)) : composedJitter(images, parameters),
    describe: describeJitter,
  };
}

/** The parameters in the kernel's form. */
function pack(parameters: readonly Jitter[]) {
  const factors = parameters.flatMap(({ brightness, contrast, saturation, hue }) => [
    brightness,
    contrast,
    saturation,
    hue,
  ]);
  const orders = parameters.flatMap(({ applied, order }) => (applied ? order : changes.map(() => -1)));
  return { factors: Float32Array.from(factors), orders: Int32Array.from(orders) };
}

/**
 * For engines without the kernel. Images are grouped by the place of hue in their order. Within such a group every image has as many blends before and
 * after the hue shift, and blends of different kinds run in one pass, so each image keeps its own order exactly.
 */
function composedJitter(images: Tensor4D, parameters: readonly Jitter[]): Tensor4D {
  return tidy(() => {
    const groups: number[][] = changes.map(() => []);
    parameters.forEach(({ applied, order }, position) => {
      if (applied) groups[order.indexOf(hueChange)]?.push(position);
    });
    return inGroups(images, groups, (part, positions, huePlace) => {
      const drawn = positions.map((position) => parameters[position] as Jitter);
      const colored = part.shape[3] === 3;
      let planes = part.transpose<Tensor4D>([3, 0, 1, 2]); // channels first: each channel is one contiguous block
      for (let place = 0; place < changes.length; place++) {
        if (place !== huePlace)
          planes = blend(
            planes,
            drawn.map((one) => blendAt(one, place, colored)),
          );
        else if (colored)
          planes = shiftHue(
            planes,
            drawn.map(({ hue }) => hue),
          );
      }
      return planes.transpose<Tensor4D>([1, 2, 3, 0]);
    });
  });
}

function blendAt({ order, brightness, contrast, saturation }: Jitter, place: number, colored: boolean): Blend {
  const change = changes[order[place] as number];
  if (change === "brightness") return { with: "black", factor: brightness };
  if (change === "contrast") return { with: "mean", factor: contrast };
  return { with: "gray", factor: colored ? saturation : 1 };
}

/** Such as `contrast ×0.81, hue +0.03, brightness ×1.20, saturation ×1.04`, in the order of application, or nothing. */
export function describeJitter(jitter: Jitter): string {
  if (!jitter.applied) return "";
  const words = jitter.order.map((change) => {
    const name = changes[change] as (typeof changes)[number];
    if (name === "hue") return `hue ${jitter.hue < 0 ? "−" : "+"}${Math.abs(jitter.hue).toFixed(2)}`;
    return `${name} ×${jitter[name].toFixed(2)}`;
  });
  return words.join(", ");
}
