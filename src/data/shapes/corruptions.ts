import type { Random } from "../../check/index.js";
import { colorAt, eachPixel, emptyLayer, filtered, type Layer, recolored, resampled } from "./layer.js";
import { luma } from "./photometricTransforms.js";
import type { Transform } from "./transform.js";

const blur: Transform = {
  identity: [0],
  draw: (random) => [random.uniform(0.1, 1.5) / 32],
  apply(layer, [deviation = 0]) {
    const pixels = deviation * layer.size;
    const radius = Math.ceil(3 * pixels);
    const weights = Array.from({ length: 2 * radius + 1 }, (_, at) =>
      Math.exp(-((at - radius) ** 2) / (2 * pixels ** 2)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const line = weights.map((weight) => weight / total);
    const empty = new Array<number>(line.length).fill(0);
    const column = line.map((weight) => empty.map((_, at) => (at === radius ? weight : 0)));
    const row = line.map((_, at) => (at === radius ? line : empty));
    return deviation === 0 ? layer : filtered(filtered(layer, row), column);
  },
};

const noise: Transform = {
  identity: [0],
  draw: (random) => [random.chance(0.5) ? random.uniform(0.05, 0.3) : 0],
  apply: (layer, [deviation = 0], { random }) =>
    deviation === 0
      ? layer
      : recolored(layer, ([red, green, blue]) => {
          const off = () => 255 * deviation * random.normal();
          return [red + off(), green + off(), blue + off()];
        }),
};

const pixelate: Transform = {
  identity: [1],
  draw: (random) => [random.chance(0.5) ? 0.3 : 1],
  apply: (layer, [share = 1]) => (share === 1 ? layer : inBlocks(layer, Math.floor(layer.size * share))),
};

const elastic: Transform = {
  identity: [0],
  draw: (random) => [random.chance(0.5) ? random.uniform(0.03, 0.08) : 0],
  apply(layer, [amplitude = 0], { random }) {
    const [alongX, alongY] = [wobble(random), wobble(random)];
    const { size } = layer;
    return amplitude === 0
      ? layer
      : resampled(layer, (x, y) => [
          x + amplitude * size * alongX(x / size, y / size),
          y + amplitude * size * alongY(x / size, y / size),
        ]);
  },
};

/** Side of what is erased: 14 of 32 px, as in the authors' code. */
const erasedSide = 14 / 32;

const erase: Transform = {
  parameters: ["x", "y"],
  identity: [-1, -1],
  draw: (random) => {
    const middle = () => random.uniform(erasedSide / 2, 1 - erasedSide / 2);
    return random.chance(0.5) ? [middle(), middle()] : [-1, -1];
  },
  apply(layer, [x = -1, y = -1]) {
    if (x < 0) return layer;
    const kept = { size: layer.size, values: layer.values.slice() };
    eachPixel(layer.size, (column, row, offset) => {
      const [right, down] = [(column + 0.5) / layer.size - x, (row + 0.5) / layer.size - y];
      if (Math.max(Math.abs(right), Math.abs(down)) < erasedSide / 2) kept.values.fill(0, offset, offset + 4);
    });
    return kept;
  },
};

const contrast: Transform = {
  identity: [1],
  draw: (random) => [random.uniform(0, 2)],
  apply(layer, [factor = 1]) {
    let [sum, area] = [0, 0];
    eachPixel(layer.size, (_, __, offset) => {
      const alpha = layer.values[offset + 3] as number;
      if (alpha === 0) return;
      sum += alpha * luma(colorAt(layer, offset));
      area += alpha;
    });
    const mean = area === 0 ? 0 : sum / area;
    const away = (value: number) => mean + factor * (value - mean);
    return recolored(layer, ([red, green, blue]) => [away(red), away(green), away(blue)]);
  },
};

/** What spoils the object. */
export const corruptions = { blur, noise, pixelate, elastic, erase, contrast } as const;

/** Every pixel gets the mean of its block, of `count` blocks in a row. */
function inBlocks({ size, values }: Layer, count: number): Layer {
  const block = (at: number) => Math.floor((at * count) / size);
  const sums = new Float64Array(count * count * 5);
  const offsetOf = (x: number, y: number) => (block(y) * count + block(x)) * 5;
  eachPixel(size, (x, y, offset) => {
    const to = offsetOf(x, y);
    for (let at = 0; at < 4; at++) sums[to + at] = (sums[to + at] as number) + (values[offset + at] as number);
    sums[to + 4] = (sums[to + 4] as number) + 1;
  });
  const target = emptyLayer(size);
  eachPixel(size, (x, y, offset) => {
    const from = offsetOf(x, y);
    for (let at = 0; at < 4; at++) {
      target.values[offset + at] = (sums[from + at] as number) / (sums[from + 4] as number);
    }
  });
  return target;
}

/** A smooth function of the place, in [-1, 1]: three waves of random direction, one to three across the image. */
function wobble(random: Random): (x: number, y: number) => number {
  const waves = Array.from({ length: 3 }, () => {
    const angle = random.uniform(0, 2 * Math.PI);
    const frequency = 2 * Math.PI * random.uniform(1, 3);
    return { x: frequency * Math.cos(angle), y: frequency * Math.sin(angle), phase: random.uniform(0, 2 * Math.PI) };
  });
  return (x, y) => waves.reduce((sum, wave) => sum + Math.sin(wave.x * x + wave.y * y + wave.phase), 0) / waves.length;
}
