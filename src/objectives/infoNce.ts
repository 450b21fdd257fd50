import { requirePositive, requireSameShape } from "../check/index.js";
import { softmaxCrossEntropy } from "../engine/fused/index.js";
import { type Scalar, type Tensor1D, type Tensor2D, tidy, zeros } from "../engine/tensor.js";
import type { Pairs } from "./pairs.js";
import { queueSimilarity } from "./queueSimilarity.js";
import { candidateSoftmax, crossEntropy, type PairDescription } from "./softmax.js";

/** Options of {@link infoNce}. */
export interface InfoNceOptions {
  /** Divides the similarities before the softmax; default 0.2, MoCo v2's value for ImageNet. */
  readonly temperature?: number;
}

/**
 * InfoNCE: each anchor (query) has to pick its positive key among negative keys.
 * van den Oord et al. 2018 (arXiv:1807.03748), Eq. 4; with a queue He et al. 2020, "Momentum Contrast"
 * (arXiv:1911.05722), Eq. 1; default temperature of MoCo v2 (arXiv:2003.04297).
 *
 * @param similarity cosine similarity of anchors to candidates, [anchors, candidates], in [-1, 1]
 * @param pairs masks of the same shape; exactly one positive per anchor
 * @returns loss averaged over anchors, scalar, in nats
 * @throws RangeError `infoNce: temperature must be > 0, got 0`
 */
export const infoNce = Object.assign(loss, { ofQueue, describe });

function loss(similarity: Tensor2D, pairs: Pairs, options: InfoNceOptions = {}): Scalar {
  const temperature = check("infoNce", similarity, pairs, options);
  return crossEntropy(similarity, pairs, pairs.positive, temperature);
}

/**
 * {@link infoNce} of queries against their own keys and a queue of other keys; keys and queue get no gradient.
 *
 * @param query unit-length embeddings by the student, [n, dimensions]
 * @param key those of the same items by the teacher, [n, dimensions]
 * @param queue stored keys, [queueSize, dimensions]
 */
function ofQueue(query: Tensor2D, key: Tensor2D, queue: Tensor2D, options: InfoNceOptions = {}): Scalar {
  const { temperature = 0.2 } = options;
  requirePositive("infoNce.ofQueue", "temperature", temperature);
  return tidy(() => {
    const similarity = queueSimilarity("infoNce.ofQueue", query, key, queue);
    const ownKey = zeros([query.shape[0]], "int32") as Tensor1D; // column 0
    return softmaxCrossEntropy(similarity, ownKey, temperature);
  });
}

/** What {@link infoNce} wants (the positive) and finds; arguments as there. */
function describe(similarity: Tensor2D, pairs: Pairs, options: InfoNceOptions = {}): PairDescription {
  const temperature = check("infoNce.describe", similarity, pairs, options);
  return { target: pairs.positive.clone(), prediction: candidateSoftmax(similarity, pairs, temperature) };
}

function check(caller: string, similarity: Tensor2D, pairs: Pairs, { temperature = 0.2 }: InfoNceOptions): number {
  requirePositive(caller, "temperature", temperature);
  requireSameShape(caller, "similarity and pairs", similarity.shape, pairs.positive.shape);
  return temperature;
}
