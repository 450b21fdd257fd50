import { requireThat } from "../check/index.js";
import type { Tensor2D } from "../engine/tensor.js";

/** Features with the class of each row. */
export interface Labelled {
  /** [n, dimensions] */
  readonly features: Tensor2D;
  /** n classes, integers from 0. */
  readonly labels: ArrayLike<number>;
}

/** What a probe is trained on and what it is tested on. */
export interface Split {
  readonly train: Labelled;
  readonly test: Labelled;
}

/**
 * Checks a split and counts its classes.
 *
 * @throws RangeError `knnProbe: train.labels must have one label per row, got 10 for 12`
 */
export function classCount(caller: string, { train, test }: Split): number {
  for (const [name, { features, labels }] of Object.entries({ train, test })) {
    const [n] = features.shape;
    requireThat(
      labels.length === n,
      caller,
      `${name}.labels must have one label per row, got ${labels.length} for ${n}`,
    );
    requireThat(n > 0, caller, `${name} must have at least one row, got none`);
    const wrong = Array.from(labels).find((label) => !Number.isInteger(label) || label < 0);
    requireThat(wrong === undefined, caller, `${name}.labels must be integers >= 0, got ${wrong}`);
  }
  const [a, b] = [train.features.shape[1], test.features.shape[1]];
  requireThat(a === b, caller, `train and test must have features of one length, got ${a} and ${b}`);
  return [train, test].reduce((most, { labels }) => Array.from(labels).reduce((m, l) => Math.max(m, l), most), 0) + 1;
}

/** Share of predictions that are right, in [0, 1]. */
export function accuracyOf(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let row = 0; row < labels.length; row++) if (predictions[row] === labels[row]) right++;
  return right / labels.length;
}
