import { type Random, requireNotNegative, requireProbability, requireWithin } from "../check/index.js";
import { colorJitterKernel } from "../engine/fused/index.js";
import type { Augmentation } from "./augmentation.js";

/** What is changed, in torchvision's numbering. */
const changes = ["brightness", "contrast", "saturation", "hue"] as const;

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
    requireNotNegative("colorJitter", name, strength);
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
    apply: (images, parameters) => colorJitterKernel(images, pack(parameters)),
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

/** Such as `contrast ×0.81, hue +0.03, brightness ×1.20, saturation ×1.04`, in the order of application, or nothing. */
function describeJitter(jitter: Jitter): string {
  if (!jitter.applied) return "";
  const words = jitter.order.map((change) => {
    const name = changes[change] as (typeof changes)[number];
    if (name === "hue") return `hue ${jitter.hue < 0 ? "−" : "+"}${Math.abs(jitter.hue).toFixed(2)}`;
    return `${name} ×${jitter[name].toFixed(2)}`;
  });
  return words.join(", ");
}
