import { type Random, seededRandom } from "../../check/index.js";
import { oklch } from "./oklch.js";
import { backgrounds, textures } from "./patterns.js";
import { silhouettes } from "./silhouettes.js";

const outlines = Object.values(silhouettes);
const textureKinds = Object.values(textures);
const backgroundKinds = Object.values(backgrounds);

/** The true latent variables of one image. All are independent of the class. */
export interface ShapeFactors {
  /** Index into the class names. */
  readonly class: number;
  /** Hue of the shape, [0, 1). */
  readonly hue: number;
  /** Perceived lightness of the shape, [0, 1]; shape and background are never equally light. */
  readonly lightness: number;
  /** Index into plain, stripes, dots, checker, gradient. */
  readonly texture: number;
  /** Middle of the shape, in image widths and heights from the upper left. */
  readonly positionX: number;
  readonly positionY: number;
  /** Radius of the shape, in image widths. */
  readonly scale: number;
  /** Counter-clockwise, radians. */
  readonly rotation: number;
  /** Index into plain, gradient, noise, checker. */
  readonly background: number;
  readonly backgroundHue: number;
  readonly backgroundLightness: number;
}

/**
 * Draws item `id` into `image` ([size, size, 3], 0 … 255) and returns the factors it was drawn from. Depends on
 * nothing but the arguments, so an item can be drawn again, alone and in any order.
 */
export function drawShape(
  image: Uint8Array,
  options: { seed: number; id: number; size: number; classes: number },
): ShapeFactors {
  const { seed, id, size, classes } = options;
  const random = seededRandom(seed, id);
  const factors = drawFactors(random, classes);
  const texture = pick(textureKinds, factors.texture)(random, size);
  const background = pick(backgroundKinds, factors.background)(random, size);
  const inside = tones(random, factors.lightness, factors.hue, 0.08);
  const outside = tones(random, factors.backgroundLightness, factors.backgroundHue, 0.05);
  const coverage = silhouette(factors, size);
  for (let row = 0, offset = 0; row < size; row++) {
    for (let column = 0; column < size; column++, offset += 3) {
      const cover = coverage(column + 0.5, row + 0.5);
      const inner = cover > 0 ? texture(column + 0.5, row + 0.5) : 0;
      const outer = cover < 1 ? background(column + 0.5, row + 0.5) : 0;
      for (let channel = 0; channel < 3; channel++) {
        const shape = mix(inside, channel, inner);
        image[offset + channel] = Math.round(shape * cover + mix(outside, channel, outer) * (1 - cover));
      }
    }
  }
  return factors;
}

function drawFactors(random: Random, classes: number): ShapeFactors {
  const light = random.uniform(0.72, 0.9);
  const dark = random.uniform(0.28, 0.46);
  const lightOnDark = random.chance(0.5);
  const scale = random.uniform(0.3, 0.43);
  const room = 0.5 - 0.75 * scale; // a shape may touch the border but keeps its parts
  return {
    class: random.integer(classes),
    hue: random.uniform(),
    lightness: lightOnDark ? light : dark,
    texture: random.integer(textureKinds.length),
    positionX: 0.5 + random.uniform(-room, room),
    positionY: 0.5 + random.uniform(-room, room),
    scale,
    rotation: random.uniform(-Math.PI / 6, Math.PI / 6),
    background: random.integer(backgroundKinds.length),
    backgroundHue: random.uniform(),
    backgroundLightness: lightOnDark ? dark : light,
  };
}

/** Two tones of one colour that differ by `contrast` in lightness, [r, g, b, r, g, b]. */
function tones(random: Random, lightness: number, hue: number, contrast: number): number[] {
  const chroma = random.uniform(0.05, 0.16);
  const towardsMiddle = lightness > 0.6 ? -contrast : contrast;
  return [
    ...oklch(lightness, chroma, hue),
    ...oklch(lightness + towardsMiddle, chroma, hue + random.uniform(-0.06, 0.06)),
  ];
}

/** How much of a pixel the shape covers, [0, 1]: its distance to the outline, one pixel of blend. */
function silhouette({ class: label, positionX, positionY, scale, rotation }: ShapeFactors, size: number) {
  const outline = pick(outlines, label);
  const unit = scale * size;
  const cosine = Math.cos(rotation) / unit;
  const sine = Math.sin(rotation) / unit;
  return (x: number, y: number) => {
    const right = x - positionX * size;
    const up = positionY * size - y;
    const distance = outline(right * cosine + up * sine, up * cosine - right * sine) * unit;
    return Math.min(1, Math.max(0, 0.5 - distance));
  };
}

function mix(colors: readonly number[], channel: number, share: number): number {
  return (colors[channel] as number) * (1 - share) + (colors[channel + 3] as number) * share;
}

function pick<T>(values: readonly T[], index: number): T {
  return values[index] as T;
}
