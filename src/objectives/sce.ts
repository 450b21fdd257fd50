import { requireOneOf, requirePositive, requireProbability, requireSameShape } from "../check/index.js";
import { softmaxCrossEntropy } from "../engine/fused/index.js";
import { concat, fill, matMul, type Scalar, softmax, type Tensor2D, tidy, zeros } from "../engine/tensor.js";
import type { Pairs, TargetPairs } from "./pairs.js";
import { queueSimilarity } from "./queueSimilarity.js";
import { candidateSoftmax, crossEntropy, type PairDescription, withOnly } from "./softmax.js";
import { stopGradient } from "./stopGradient.js";

/** Options of the prediction of {@link sce}. */
export interface SceOptions {
  /** τ, divides the similarities of the prediction; default 0.1, the paper's value. */
  readonly temperature?: number;
}

/** Options of the target of {@link sce}. */
export interface SceTargetOptions {
  /** τ_m, divides the teacher's similarities; default 0.05, the authors' value for CIFAR-10. */
  readonly targetTemperature?: number;
  /** λ, share of the target on the positive; 1 is InfoNCE, 0 relations alone; default 0.5. */
  readonly instanceWeight?: number;
  /**
   * The positive within the teacher's relations: `masked` leaves it out, as the paper's equation does (default);
   * `zeroLogit` gives it the logit 0, as the authors' code does.
   */
  readonly selfInTarget?: "masked" | "zeroLogit";
}

/**
 * Similarity contrastive estimation: cross-entropy of the student's prediction with a target that mixes the positive
 * with the similarities the teacher sees. Denize et al. 2023, "Similarity Contrastive Estimation for Self-Supervised Soft
 * Contrastive Learning" (arXiv:2111.14585; video: arXiv:2212.11187).
 *
 *     target w = λ·positive + (1 − λ)·softmax over negatives(teacher similarity / τ_m)
 *     loss = −mean over anchors Σ w·log softmax(similarity / τ)
 *
 * @param similarity cosine similarity of the student's anchors to the candidates, [anchors, candidates], in [-1, 1]
 * @param pairs masks and `target` of the same shape; `sce.target` makes the target
 * @returns loss, scalar, in nats
 * @throws RangeError `sce: temperature must be > 0, got 0`
 */
export const sce = Object.assign(loss, { ofQueue, describe, target });

function loss(similarity: Tensor2D, pairs: TargetPairs, options: SceOptions = {}): Scalar {
  const temperature = check("sce", similarity, pairs, options);
  return crossEntropy(similarity, pairs, pairs.target, temperature);
}

/**
 * The target w of {@link sce}; gets no gradient.
 *
 * @param teacherSimilarity cosine similarity of the teacher's embeddings of the anchors to the candidates
 * @param pairs masks of the same shape
 * @returns [anchors, candidates], rows sum to 1
 */
function target(teacherSimilarity: Tensor2D, pairs: Pairs, options: SceTargetOptions = {}): Tensor2D {
  const { targetTemperature, instanceWeight, selfInTarget } = checkTarget("sce.target", options);
  requireSameShape("sce.target", "teacherSimilarity and pairs", teacherSimilarity.shape, pairs.positive.shape);
  return stopGradient(teacherSimilarity, (similarity) => {
    const { positive, negative } = pairs;
    const related = selfInTarget === "masked" ? negative : positive.add<Tensor2D>(negative);
    // the negative mask sets the logit of the positive to 0; where it is masked anyway that changes nothing
    const relations = softmax(withOnly(similarity.mul<Tensor2D>(negative).div(targetTemperature), related));
    return positive.mul<Tensor2D>(instanceWeight).add(relations.mul(1 - instanceWeight));
  });
}

/**
 * {@link sce} of queries against their own keys and a queue of other keys; keys and queue get no gradient.
 *
 * @param query unit-length embeddings by the student, [n, dimensions]
 * @param key those of the same items by the teacher, [n, dimensions]
 * @param queue stored keys, [queueSize, dimensions]
 */
function ofQueue(query: Tensor2D, key: Tensor2D, queue: Tensor2D, options: SceOptions & SceTargetOptions = {}): Scalar {
  const { temperature = 0.1 } = options;
  requirePositive("sce.ofQueue", "temperature", temperature);
  const checked = checkTarget("sce.ofQueue", options);
  return tidy(() => {
    const similarity = queueSimilarity("sce.ofQueue", query, key, queue);
    const wanted = stopGradient(key, (own) => queueTarget(matMul(own, queue, false, true), checked));
    return softmaxCrossEntropy(similarity, wanted, temperature);
  });
}

/** The target over [own key ‖ queue], [n, 1 + queueSize], of the teacher's similarity to the queue. */
function queueTarget(similarity: Tensor2D, options: Required<SceTargetOptions>): Tensor2D {
  const { targetTemperature, instanceWeight, selfInTarget } = options;
  const column: [number, number] = [similarity.shape[0], 1];
  const logits = similarity.div<Tensor2D>(targetTemperature);
  if (selfInTarget === "masked")
    return concat([fill(column, instanceWeight) as Tensor2D, softmax(logits).mul<Tensor2D>(1 - instanceWeight)], 1);
  const relations = softmax(concat([zeros(column) as Tensor2D, logits], 1)).mul<Tensor2D>(1 - instanceWeight);
  const instance = concat([fill(column, instanceWeight) as Tensor2D, zeros(similarity.shape) as Tensor2D], 1);
  return instance.add<Tensor2D>(relations);
}

/** What {@link sce} wants (its target) and finds; arguments as there. */
function describe(similarity: Tensor2D, pairs: TargetPairs, options: SceOptions = {}): PairDescription {
  const temperature = check("sce.describe", similarity, pairs, options);
  return { target: pairs.target.clone(), prediction: candidateSoftmax(similarity, pairs, temperature) };
}

function check(caller: string, similarity: Tensor2D, pairs: TargetPairs, { temperature = 0.1 }: SceOptions): number {
  requirePositive(caller, "temperature", temperature);
  requireSameShape(caller, "similarity and pairs", similarity.shape, pairs.positive.shape);
  requireSameShape(caller, "similarity and target", similarity.shape, pairs.target.shape);
  return temperature;
}

function checkTarget(caller: string, options: SceTargetOptions): Required<SceTargetOptions> {
  const { targetTemperature = 0.05, instanceWeight = 0.5, selfInTarget = "masked" } = options;
  requirePositive(caller, "targetTemperature", targetTemperature);
  requireProbability(caller, "instanceWeight", instanceWeight);
  requireOneOf(caller, "selfInTarget", selfInTarget, ["masked", "zeroLogit"]);
  return { targetTemperature, instanceWeight, selfInTarget };
}
