import { type Random, seededRandom } from "../../check/index.js";

/** One mode of a class: where it is, and the plane of its curve. */
export interface Mode {
  /** [d]. */
  readonly center: Float64Array;
  /** Two unit vectors at right angles, [d] each. */
  readonly plane: readonly [Float64Array, Float64Array];
}

const streams = { class: 21, mode: 22 };

/** The modes of all classes, class by class. A mode hangs on seed, class and number alone: more modes leave the first as they are. */
export function modesOf(world: {
  seed: number;
  classes: number;
  modes: number;
  dimensions: number;
  between: number;
  within: number;
}): Mode[] {
  const { seed, classes, modes, dimensions, between, within } = world;
  return Array.from({ length: classes * modes }, (_, index) => {
    const label = Math.floor(index / modes);
    const ofClass = normals(seededRandom(seed, label, streams.class), dimensions);
    const random = seededRandom(seed, label, streams.mode, index % modes);
    const ofMode = normals(random, dimensions);
    // Two independent points with this deviation on each axis are the distance apart, as a root mean square.
    const deviation = (distance: number) => distance / Math.sqrt(2 * dimensions);
    const offset = modes === 1 ? 0 : deviation(within);
    return {
      center: ofClass.map((value, axis) => value * deviation(between) + offset * (ofMode[axis] as number)),
      plane: plane(random, dimensions),
    };
  });
}

/** So many samples of the standard normal distribution. */
export function normals(random: Random, count: number): Float64Array {
  return Float64Array.from({ length: count }, () => random.normal());
}

function plane(random: Random, dimensions: number): [Float64Array, Float64Array] {
  const first = unit(normals(random, dimensions));
  const second = normals(random, dimensions);
  const along = first.reduce((sum, value, axis) => sum + value * (second[axis] as number), 0);
  return [first, unit(second.map((value, axis) => value - along * (first[axis] as number)))];
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}
