import type { Random } from "../../check/index.js";

/** How much of the second tone a point shows, in [0, 1]; coordinates in pixels. */
export type Pattern = (x: number, y: number) => number;

/** What the inside of a shape can look like; each factory draws period, direction and phase. */
export const textures: Readonly<Record<string, (random: Random, size: number) => Pattern>> = {
  plain: () => () => 0,
  stripes: (random, size) => {
    const wave = planeWave(random, size * random.uniform(0.11, 0.17));
    return (x, y) => step(wave(x, y));
  },
  dots: (random, size) => {
    const [a, b] = crossedWaves(random, size * random.uniform(0.12, 0.17));
    return (x, y) => step(a(x, y) + b(x, y) - 0.7);
  },
  checker: checker(0.17, 0.24),
  gradient,
};

/** What a background can look like. */
export const backgrounds: Readonly<Record<string, (random: Random, size: number) => Pattern>> = {
  plain: () => () => 0,
  gradient,
  noise,
  checker: checker(0.35, 0.6),
};

function checker(shortest: number, longest: number) {
  return (random: Random, size: number): Pattern => {
    const [a, b] = crossedWaves(random, size * random.uniform(shortest, longest));
    return (x, y) => step(2 * a(x, y) * b(x, y));
  };
}

/** From one tone to the other across the image. */
function gradient(random: Random, size: number): Pattern {
  const angle = random.uniform(0, 2 * Math.PI);
  const [dx, dy] = [Math.cos(angle) / size, Math.sin(angle) / size];
  return (x, y) => clamp(0.5 + (x - size / 2) * dx + (y - size / 2) * dy);
}

/** Smooth value noise in two octaves: random values on a lattice, blended in between. */
function noise(random: Random, size: number): Pattern {
  const cells = 8;
  const lattice = Float32Array.from({ length: cells * cells }, () => random.uniform());
  const at = (column: number, row: number) => lattice[(row % cells) * cells + (column % cells)] as number;
  const octave = (x: number, y: number) => {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [smooth(x - column), smooth(y - row)];
    const upper = at(column, row) * (1 - u) + at(column + 1, row) * u;
    const lower = at(column, row + 1) * (1 - u) + at(column + 1, row + 1) * u;
    return upper * (1 - v) + lower * v;
  };
  const frequency = 5 / size;
  return (x, y) =>
    0.65 * octave(x * frequency, y * frequency) + 0.35 * octave(2.3 * x * frequency, 2.3 * y * frequency);
}

function crossedWaves(random: Random, period: number): [Pattern, Pattern] {
  const angle = random.uniform(0, Math.PI);
  return [planeWave(random, period, angle), planeWave(random, period, angle + Math.PI / 2)];
}

function planeWave(random: Random, period: number, angle = random.uniform(0, Math.PI)): Pattern {
  const phase = random.uniform(0, 2 * Math.PI);
  const [kx, ky] = [(2 * Math.PI * Math.cos(angle)) / period, (2 * Math.PI * Math.sin(angle)) / period];
  return (x, y) => Math.sin(kx * x + ky * y + phase);
}

/** 0 below, 1 above, and about one pixel of blend in between. */
function step(value: number): number {
  return clamp(0.5 + 1.2 * value);
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
