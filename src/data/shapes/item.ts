import { type Random, seededRandom } from "../../check/index.js";
import { classPrior, pickByPrior } from "../synthetic/classPrior.js";
import { backgrounds, textures } from "./patterns.js";
import { type ShapeFactor, type ShapeFactors, shapeFactorNames } from "./shapeFactors.js";
import type { ShapeWorld } from "./world.js";

/** Streams of random numbers that belong to one item, beside the one that draws it. */
const streams = { class: 1, original: 2, correlated: 3, perturbed: 4 };

const textureCount = Object.keys(textures).length;
const backgroundCount = Object.keys(backgrounds).length;
const scaleRange = [0.3, 0.43] as const;
const rotationRange = [-Math.PI / 6, Math.PI / 6] as const;

/** How far back the original of a near-duplicate is at most. */
const duplicateWindow = 64;

/** The factors of an item, and what else sets it apart. */
export interface ShapeItem {
  readonly factors: ShapeFactors;
  /** Which of the silhouettes of its class it has. */
  readonly look: number;
  /** Id of the item that it nearly repeats; its own where it repeats none. */
  readonly original: number;
  /** What is left of the stream that the factors were drawn from; it draws the rest. */
  readonly random: Random;
}

/** The truth about an item; it depends on the world and the id alone. */
export function shapeItem(world: ShapeWorld, id: number): ShapeItem {
  const { seed, classes, looks, longTail } = world;
  const original = originalOf(world, id);
  const random = seededRandom(seed, original);
  const drawn = drawFactors(random, classes);
  const ofClass = seededRandom(seed, original, streams.class);
  const label = longTail === 0 ? drawn.class : pickByPrior(classPrior(classes, longTail), ofClass.uniform());
  const look = looks === 1 ? 0 : ofClass.integer(looks);
  const factors = correlate(world, original, { ...drawn, class: label });
  const moved = id === original ? factors : perturb(seed, id, factors);
  return { factors: fix(world, moved), look, original, random };
}

function drawFactors(random: Random, classes: number): ShapeFactors {
  const light = random.uniform(0.72, 0.9);
  const dark = random.uniform(0.28, 0.46);
  const lightOnDark = random.chance(0.5);
  const scale = random.uniform(...scaleRange);
  const room = roomFor(scale);
  return {
    class: random.integer(classes),
    hue: random.uniform(),
    lightness: lightOnDark ? light : dark,
    texture: random.integer(textureCount),
    positionX: 0.5 + random.uniform(-room, room),
    positionY: 0.5 + random.uniform(-room, room),
    scale,
    rotation: random.uniform(...rotationRange),
    background: random.integer(backgroundCount),
    backgroundHue: random.uniform(),
    backgroundLightness: lightOnDark ? dark : light,
  };
}

/** How far the middle of a shape may be off the image's: a shape may touch the border but keeps its parts. */
const roomFor = (scale: number) => 0.5 - 0.75 * scale;

/** Goes back to an item that repeats no other. */
function originalOf({ seed, nearDuplicates }: ShapeWorld, id: number): number {
  if (nearDuplicates === 0) return id;
  let original = id;
  for (;;) {
    const random = seededRandom(seed, original, streams.original);
    if (original === 0 || !random.chance(nearDuplicates)) return original;
    original -= 1 + random.integer(Math.min(original, duplicateWindow));
  }
}

/** The same object a moment later: moved by up to a pixel of 32, turned by up to 2°, in a slightly different light. */
function perturb(seed: number, id: number, factors: ShapeFactors): ShapeFactors {
  const random = seededRandom(seed, id, streams.perturbed);
  return {
    ...factors,
    positionX: factors.positionX + random.uniform(-1, 1) / 32,
    positionY: factors.positionY + random.uniform(-1, 1) / 32,
    rotation: factors.rotation + random.uniform(-1, 1) * (Math.PI / 90),
    scale: factors.scale * random.uniform(0.98, 1.02),
    lightness: factors.lightness + random.uniform(-0.02, 0.02),
  };
}

/** What the value of a factor becomes when it says the class. */
type Tie = (value: number, factors: ShapeFactors, classes: number) => number;

/** The slice of a range that belongs to the class; within it, the value keeps its place. */
const slice =
  (range: readonly [number, number] | ((factors: ShapeFactors) => readonly [number, number])): Tie =>
  (value, factors, classes) => {
    const [low, high] = typeof range === "function" ? range(factors) : range;
    return low + ((factors.class + (value - low) / (high - low)) / classes) * (high - low);
  };

const withinRoom = slice(({ scale }) => [0.5 - roomFor(scale), 0.5 + roomFor(scale)]);

const ties: Readonly<Record<ShapeFactor, Tie>> = {
  hue: slice([0, 1]),
  lightness: (value, { class: label, backgroundLightness }) =>
    label % 2 === 0 ? Math.max(value, backgroundLightness) : Math.min(value, backgroundLightness),
  texture: (_, { class: label }) => label % textureCount,
  positionX: withinRoom,
  positionY: withinRoom,
  scale: slice(scaleRange),
  rotation: slice(rotationRange),
  background: (_, { class: label }) => label % backgroundCount,
  backgroundHue: slice([0, 1]),
};

/** The scale is changed first: the room for positions depends on it. */
const changeOrder = shapeFactorNames.toSorted((a, b) => Number(b === "scale") - Number(a === "scale"));

function correlate({ seed, classes, correlated }: ShapeWorld, original: number, drawn: ShapeFactors): ShapeFactors {
  let factors = drawn;
  for (const name of changeOrder) {
    const probability = correlated[name];
    if (probability === undefined) continue;
    const random = seededRandom(seed, original, streams.correlated, shapeFactorNames.indexOf(name));
    if (random.chance(probability)) factors = withFactor(factors, name, ties[name](factors[name], factors, classes));
  }
  return factors;
}

function fix({ fixed }: ShapeWorld, drawn: ShapeFactors): ShapeFactors {
  return changeOrder.reduce((factors, name) => {
    const value = fixed[name];
    return value === undefined ? factors : withFactor(factors, name, value);
  }, drawn);
}

/** Changes one factor, and what hangs on it: a larger shape has less room, a light one is on dark. */
function withFactor(factors: ShapeFactors, name: ShapeFactor, value: number): ShapeFactors {
  const changed = { ...factors, [name]: value };
  if (name === "scale") {
    const narrower = roomFor(value) / roomFor(factors.scale);
    const moved = (position: number) => 0.5 + (position - 0.5) * narrower;
    return { ...changed, positionX: moved(factors.positionX), positionY: moved(factors.positionY) };
  }
  const [light, dark] = [factors.lightness, factors.backgroundLightness].sort((a, b) => b - a) as [number, number];
  if (name === "lightness") return { ...changed, backgroundLightness: value > 0.6 ? dark : light };
  return changed;
}
