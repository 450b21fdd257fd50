import { type Random, seededRandom } from "../../check/index.js";
import type { Paint } from "./canvas.js";
import { oklch } from "./oklch.js";
import { backgrounds, type Pattern, textures } from "./patterns.js";
import type { ShapeFactors } from "./shapeFactors.js";
import { silhouettes } from "./silhouettes.js";

const outlines = Object.values(silhouettes);
const textureKinds = Object.values(textures);
const backgroundKinds = Object.values(backgrounds);

/**
 * What an object and its background are painted with. The background has a stream of its own, and colours come before
 * patterns, which take as many numbers as they need: another texture changes nothing but the texture.
 */
export function paints(random: Random, factors: ShapeFactors, size: number): { object: Paint; ground: Paint } {
  const own = seededRandom(random.integer(2 ** 31));
  return { object: objectPaint(random, factors, size), ground: backgroundPaint(own, factors, size) };
}

/** What an object is painted with. */
export function objectPaint(
  random: Random,
  { texture, lightness, hue }: Pick<ShapeFactors, "texture" | "lightness" | "hue">,
  size: number,
): Paint {
  const colors = tones(random, lightness, hue, 0.08);
  return { colors, pattern: pick(textureKinds, texture)(random, size) };
}

/** What a background is painted with. */
export function backgroundPaint(
  random: Random,
  factors: Pick<ShapeFactors, "background" | "backgroundLightness" | "backgroundHue">,
  size: number,
): Paint {
  const colors = tones(random, factors.backgroundLightness, factors.backgroundHue, 0.05);
  return { colors, pattern: pick(backgroundKinds, factors.background)(random, size) };
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

/** Where an object is and how it stands. */
export type Pose = Pick<ShapeFactors, "positionX" | "positionY" | "scale" | "rotation">;

/** How much of a pixel a silhouette covers, [0, 1]: its distance to the outline, one pixel of blend. */
export function coverageOf(silhouette: number, pose: Pose, size: number): Pattern {
  const { positionX, positionY, scale, rotation } = pose;
  const outline = pick(outlines, silhouette);
  const unit = scale * size;
  const cosine = Math.cos(rotation) / unit;
  const sine = Math.sin(rotation) / unit;
  return (x, y) => {
    const right = x - positionX * size;
    const up = positionY * size - y;
    const distance = outline(right * cosine + up * sine, up * cosine - right * sine) * unit;
    return Math.min(1, Math.max(0, 0.5 - distance));
  };
}

function pick<T>(values: readonly T[], index: number): T {
  return values[index] as T;
}
