import { filtered, recolored } from "./layer.js";
import type { Transform } from "./transform.js";

type Color = readonly [number, number, number];

/** Perceived brightness, ITU-R BT.601, as image libraries have it. */
export function luma([red, green, blue]: Color): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

const hue: Transform = {
  identity: [0],
  draw: (random) => [random.uniform(-0.5, 0.5)],
  apply(layer, [turns = 0]) {
    // A turn about the gray axis keeps the sum of the channels; it is a rotation matrix with equal rows, turned.
    const cosine = Math.cos(2 * Math.PI * turns);
    const sine = Math.sin(2 * Math.PI * turns) / Math.sqrt(3);
    const [same, next, last] = [(1 + 2 * cosine) / 3, (1 - cosine) / 3 - sine, (1 - cosine) / 3 + sine];
    return recolored(layer, ([red, green, blue]) => [
      same * red + next * green + last * blue,
      last * red + same * green + next * blue,
      next * red + last * green + same * blue,
    ]);
  },
};

const brightness: Transform = {
  identity: [1],
  draw: (random) => [random.uniform(0, 2)],
  apply: (layer, [factor = 1]) =>
    recolored(layer, ([red, green, blue]) => [factor * red, factor * green, factor * blue]),
};

const gray: Transform = {
  identity: [0],
  draw: (random) => [random.chance(0.5) ? 1 : 0],
  apply: (layer, [isGray]) =>
    isGray
      ? recolored(layer, (color) => {
          const value = luma(color);
          return [value, value, value];
        })
      : layer,
};

const posterize: Transform = {
  identity: [8],
  draw: (random) => [random.chance(0.5) ? 1 : 8],
  apply(layer, [bits = 8]) {
    const step = 2 ** (8 - bits);
    const lower = (value: number) => Math.floor(value / step) * step;
    return bits === 8 ? layer : recolored(layer, ([red, green, blue]) => [lower(red), lower(green), lower(blue)]);
  },
};

const invert: Transform = {
  identity: [0],
  draw: (random) => [random.chance(0.5) ? 1 : 0],
  apply: (layer, [inverted]) =>
    inverted ? recolored(layer, ([red, green, blue]) => [255 - red, 255 - green, 255 - blue]) : layer,
};

/** Image libraries' smoothing: the middle counts five times as much as each neighbour. */
const smoothing = [
  [1 / 13, 1 / 13, 1 / 13],
  [1 / 13, 5 / 13, 1 / 13],
  [1 / 13, 1 / 13, 1 / 13],
];

const sharpen: Transform = {
  identity: [1],
  draw: (random) => [random.chance(0.5) ? 7 : 1],
  apply(layer, [factor = 1]) {
    if (factor === 1) return layer;
    const smooth = filtered(layer, smoothing).values;
    return recolored(layer, (color, offset) => {
      const alpha = smooth[offset + 3] as number; // positive, as the middle itself counts
      const away = (channel: 0 | 1 | 2) => {
        const mean = (smooth[offset + channel] as number) / alpha;
        return mean + factor * (color[channel] - mean);
      };
      return [away(0), away(1), away(2)];
    });
  },
};

/** What changes the colors of the object. */
export const photometricTransforms = { hue, brightness, gray, posterize, invert, sharpen } as const;
