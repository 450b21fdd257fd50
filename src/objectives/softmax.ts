import { softmaxCrossEntropy } from "../engine/fused/index.js";
import { type Scalar, softmax, type Tensor2D, tidy } from "../engine/tensor.js";
import type { Pairs } from "./pairs.js";

/** What a cross-entropy objective wants of each candidate and what it finds, both [anchors, candidates]. */
export interface PairDescription {
  /** How much each candidate is wanted; rows sum to 1. */
  readonly target: Tensor2D;
  /** Probability with which the anchor picks each candidate; rows sum to 1. */
  readonly prediction: Tensor2D;
}

/**
 * Softmax cross-entropy over each anchor's positives and negatives, averaged over anchors, in nats.
 *
 * @param target [anchors, candidates], rows sum to 1
 */
export function crossEntropy(similarity: Tensor2D, pairs: Pairs, target: Tensor2D, temperature: number): Scalar {
  return tidy(() => softmaxCrossEntropy(candidateLogits(similarity, pairs, temperature), target));
}

/** Probability of each candidate among the positives and negatives of its anchor. */
export function candidateSoftmax(similarity: Tensor2D, pairs: Pairs, temperature: number): Tensor2D {
  return tidy(() => softmax(candidateLogits(similarity, pairs, temperature)));
}

/** similarity / temperature, far below every other logit where a pair is in neither mask. */
function candidateLogits(similarity: Tensor2D, { positive, negative }: Pairs, temperature: number): Tensor2D {
  return withOnly(similarity.div<Tensor2D>(temperature), positive.add<Tensor2D>(negative));
}

/** Logits with those outside a mask of 0 and 1 put out of reach of a softmax. */
export function withOnly(logits: Tensor2D, mask: Tensor2D): Tensor2D {
  return logits.add<Tensor2D>(mask.sub(1).mul(1e9));
}
