import {
  requireInteger,
  requireNotNegative,
  requireOneOf,
  requirePositive,
  requireSeed,
  requireThat,
  seededRandom,
} from "../check/index.js";
import { positionsIn } from "./batchOf.js";
import type { VectorDataset } from "./dataset.js";
import { curves } from "./mixture/curves.js";
import { type Mode, modesOf, normals } from "./mixture/modes.js";
import { classPrior, pickByPrior, requireLongTail } from "./synthetic/classPrior.js";
import { itemIds } from "./synthetic/itemIds.js";

/** Options of {@link gaussianMixture}; distances are in units of whatever the vectors are in. */
export interface GaussianMixtureOptions {
  /** Number of items; default 4096. */
  readonly count?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Id of the first item; default 0. */
  readonly firstId?: number;
  /** Length of a vector, at least 2; default 16. */
  readonly dimensions?: number;
  /** At least 2; default 10. */
  readonly classes?: number;
  /** Modes of each class, each as likely: items that share a class, but lie elsewhere. Default 1. */
  readonly modes?: number;
  /** Class k has a share of (k + 1)^−longTail: a power law, 1 is Zipf's; default 0, all alike. */
  readonly longTail?: number;
  /** Distance between the middles of two classes, as a root mean square; default 8. */
  readonly between?: number;
  /** Distance between two modes of a class, as a root mean square; default 4. */
  readonly within?: number;
  /** Standard deviation of the items of a mode, along each axis; default 1. */
  readonly spread?: number;
  /** What a mode is stretched along, in a plane of its own; default `point`: nothing. */
  readonly manifold?: keyof typeof curves;
  /** How far a curve reaches from the middle of its mode; default 4. */
  readonly reach?: number;
  /** Standard deviation of what a view adds to an item, along each axis; default 0.5. */
  readonly viewNoise?: number;
}

const streams = { item: 23, view: 24 };

/**
 * Vectors of a mixture of normal distributions whose truth is known: classes of one or several modes, as points or along
 * curves (moons, spirals, filaments). The group of an item is its class. With shares π of the classes, two items drawn at
 * random are of one class, false negatives of each other, with probability Σ π².
 *
 * An item depends on its id and the options alone, without `count` and `firstId`. Vectors are drawn when they are read;
 * `tf.tensor2d(await data.read(positions), [positions.length, data.dimensions])` puts them on the engine.
 *
 * @returns vectors [count, dimensions]; factors `class`, `mode` and, along a curve, `along`, [0, 1)
 * @throws RangeError such as `gaussianMixture: classes must be an integer >= 2, got 1`
 */
export function gaussianMixture(options: GaussianMixtureOptions = {}): VectorDataset {
  const { count = 4096, firstId = 0, ...appearance } = options;
  const ids = itemIds("gaussianMixture", firstId, count);
  const world = mixture(appearance);
  const [labels, mode, along] = [new Int32Array(count), new Float32Array(count), new Float32Array(count)];
  for (let index = 0; index < count; index++) {
    const item = itemOf(world, firstId + index);
    labels[index] = item.class;
    mode[index] = item.mode;
    along[index] = item.along;
  }
  const vectors = (positions: Int32Array, add: (vector: Float64Array, id: number) => void) => {
    const values = new Float32Array(positions.length * world.dimensions);
    positions.forEach((position, at) => {
      const id = ids[position] as number;
      const vector = vectorOf(world, id);
      add(vector, id);
      values.set(vector, at * world.dimensions);
    });
    return values;
  };
  const known = { size: count };
  return {
    ...known,
    name: "gaussianMixture",
    classNames: Array.from({ length: world.classes }, (_, label) => String(label)),
    dimensions: world.dimensions,
    ids,
    labels,
    groups: labels,
    factors: { class: Float32Array.from(labels), mode, ...(world.manifold !== "point" && { along }) },
    read: async (indices) => vectors(positionsIn("read", known, indices), () => {}),
    readView: async (indices, { seed, step, view }) =>
      vectors(positionsIn("readView", known, indices), (vector, id) => {
        const random = seededRandom(seed, step, view, id, streams.view);
        for (let axis = 0; axis < vector.length; axis++) {
          vector[axis] = (vector[axis] as number) + world.viewNoise * random.normal();
        }
      }),
  };
}

/** The options with everything settled. */
type Mixture = ReturnType<typeof mixture>;

function mixture(options: Omit<GaussianMixtureOptions, "count" | "firstId">) {
  const { seed = 0, dimensions = 16, classes = 10, modes = 1, longTail = 0, manifold = "point" } = options;
  const { between = 8, within = 4, spread = 1, reach = 4, viewNoise = 0.5 } = options;
  requireSeed("gaussianMixture", seed);
  requireInteger("gaussianMixture", "dimensions", dimensions, 2);
  requireInteger("gaussianMixture", "classes", classes, 2);
  requireInteger("gaussianMixture", "modes", modes, 1);
  requireLongTail("gaussianMixture", longTail);
  requireOneOf("gaussianMixture", "manifold", manifold, Object.keys(curves));
  for (const [name, value] of Object.entries({ between, within, spread, viewNoise })) {
    requireNotNegative("gaussianMixture", name, value);
  }
  requirePositive("gaussianMixture", "reach", reach);
  requireUse("within", options.within, modes > 1, "modes of at least 2");
  requireUse("reach", options.reach, manifold !== "point", "a manifold other than point");
  const world = { seed, dimensions, classes, modes, between, within, spread, reach, viewNoise, manifold };
  return { ...world, prior: classPrior(classes, longTail), all: modesOf(world) };
}

/** An option that would do nothing is a mistake. */
function requireUse(name: string, value: number | undefined, used: boolean, needs: string): void {
  requireThat(value === undefined || used, "gaussianMixture", `${name} needs ${needs}, got ${name} ${value} without`);
}

function itemOf({ seed, prior, modes }: Mixture, id: number) {
  const random = seededRandom(seed, id, streams.item);
  const label = pickByPrior(prior, random.uniform());
  return { class: label, mode: random.integer(modes), along: random.uniform(), random };
}

function vectorOf(world: Mixture, id: number): Float64Array {
  const { dimensions, modes, spread, reach, manifold } = world;
  const { class: label, mode, along, random } = itemOf(world, id);
  const { center, plane } = world.all[label * modes + mode] as Mode;
  const [x, y] = curves[manifold](along);
  const noise = normals(random, dimensions);
  const onCurve = (axis: number) => reach * (x * (plane[0][axis] as number) + y * (plane[1][axis] as number));
  return center.map((value, axis) => value + onCurve(axis) + spread * (noise[axis] as number));
}
