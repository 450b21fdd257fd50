import { requireInteger, seededRandom } from "../check/index.js";
import { concat, keep, slice, type Tensor2D, tensor2d, tidy } from "../engine/tensor.js";
import type { ViewRef } from "../views/index.js";

/** The newest keys, oldest first, with what each is the key of. */
export interface KeyQueue {
  /** [size, dimensions], unit-length rows; belongs to the queue and lives until the next `push`. */
  readonly keys: Tensor2D;
  /** One per row of `keys`; item -1 is noise. */
  readonly refs: readonly ViewRef[];
  /** Copies keys in and drops as many of the oldest. */
  push(keys: Tensor2D, refs: readonly ViewRef[]): void;
  dispose(): void;
}

const noise: ViewRef = { item: -1, view: 0, parameters: {} };

/**
 * A first-in, first-out queue that starts full of random unit vectors, as MoCo's does; they have left it after `size`
 * keys were pushed.
 *
 * @throws RangeError `keyQueue: size must be an integer >= 1, got 0`
 */
export function keyQueue(options: { size: number; dimensions: number; seed: number }): KeyQueue {
  const { size, dimensions, seed } = options;
  requireInteger("keyQueue", "size", size, 1);
  const random = seededRandom(seed);
  const rows = Array.from({ length: size }, () => {
    const row = Array.from({ length: dimensions }, () => random.normal());
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
  let stored = keep(tensor2d(rows, [size, dimensions]));
  let refs: readonly ViewRef[] = Array.from({ length: size }, () => noise);
  return {
    get keys() {
      return stored;
    },
    get refs() {
      return refs;
    },
    push(keys, newRefs) {
      const all = refs.length + newRefs.length;
      const old = stored;
      stored = keep(tidy(() => slice(concat([old, keys], 0), [all - size, 0], [size, dimensions])));
      old.dispose();
      refs = [...refs, ...newRefs].slice(all - size);
    },
    dispose: () => stored.dispose(),
  };
}
