import { requireInteger } from "../check/index.js";
import { type Tensor2D, tensor2d } from "../engine/tensor.js";

/**
 * Which candidate is what to which anchor: two masks of 0 and 1, [anchors, candidates]. A pair that is in neither mask
 * (an anchor and itself, say) takes no part in the objective.
 */
export interface Pairs {
  readonly positive: Tensor2D;
  readonly negative: Tensor2D;
}

/** Pairs whose objective also says how much each candidate is wanted. */
export interface TargetPairs extends Pairs {
  /** [anchors, candidates], rows sum to 1; 0 where a pair is in neither mask. */
  readonly target: Tensor2D;
}

/**
 * Pairs among two views of n items, as in SimCLR: rows i and i + n are the views of item i. Each view is an anchor, its
 * other view its positive, all remaining views but itself its negatives.
 *
 * @param n items, at least 1
 * @returns masks [2n, 2n]
 */
export function viewPairs(n: number): Pairs {
  requireInteger("viewPairs", "n", n, 1);
  return pairsOf(2 * n, 2 * n, (anchor, candidate) =>
    candidate === (anchor + n) % (2 * n) ? "positive" : candidate === anchor ? "neither" : "negative",
  );
}

/**
 * Pairs of n anchors with their n keys followed by a queue, as in MoCo: anchor i has key i as its positive and the queue
 * as its negatives; the keys of the other anchors are neither.
 *
 * @param n anchors, at least 1
 * @param queueSize keys in the queue, at least 1
 * @returns masks [n, n + queueSize]
 */
export function queuePairs(n: number, queueSize: number): Pairs {
  requireInteger("queuePairs", "n", n, 1);
  requireInteger("queuePairs", "queueSize", queueSize, 1);
  return pairsOf(n, n + queueSize, (anchor, candidate) =>
    candidate >= n ? "negative" : candidate === anchor ? "positive" : "neither",
  );
}

/**
 * Pairs of n anchors with the n keys of their batch: key i is the positive of anchor i, all other keys are its negatives.
 *
 * @param n anchors, at least 2
 * @returns masks [n, n]
 */
export function batchPairs(n: number): Pairs {
  requireInteger("batchPairs", "n", n, 2);
  return pairsOf(n, n, (anchor, candidate) => (candidate === anchor ? "positive" : "negative"));
}

function pairsOf(
  anchors: number,
  candidates: number,
  roleOf: (anchor: number, candidate: number) => "positive" | "negative" | "neither",
): Pairs {
  const positive = new Float32Array(anchors * candidates);
  const negative = new Float32Array(anchors * candidates);
  for (let anchor = 0, at = 0; anchor < anchors; anchor++) {
    for (let candidate = 0; candidate < candidates; candidate++, at++) {
      const role = roleOf(anchor, candidate);
      if (role === "positive") positive[at] = 1;
      else if (role === "negative") negative[at] = 1;
    }
  }
  const shape: [number, number] = [anchors, candidates];
  return { positive: tensor2d(positive, shape), negative: tensor2d(negative, shape) };
}
