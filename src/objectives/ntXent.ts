import { requirePositive, requireSameShape } from "../check/index.js";
import { hasKernel, NtXent, ntXentKernel } from "../engine/fused/index.js";
import { concat, matMul, type Scalar, type Tensor2D, tidy } from "../engine/tensor.js";
import { type Pairs, viewPairs } from "./pairs.js";
import { candidateSoftmax, crossEntropy, type PairDescription } from "./softmax.js";

/** Options of {@link ntXent}. */
export interface NtXentOptions {
  /** Divides the similarities before the softmax; default 0.5, SimCLR's value for CIFAR-10. */
  readonly temperature?: number;
}

/**
 * Normalized-temperature cross-entropy: each anchor has to pick its positive out of all other views.
 * Chen et al. 2020, "A Simple Framework for Contrastive Learning" (arXiv:2002.05709), Eq. 1. Averaged over anchors as
 * in the paper; the authors' code adds the two directions, which is twice that.
 *
 * @param similarity cosine similarity of anchors to candidates, [anchors, candidates], in [-1, 1]
 * @param pairs masks of the same shape; exactly one positive per anchor
 * @returns loss, scalar, in nats
 * @throws RangeError `ntXent: temperature must be > 0, got 0`
 */
export const ntXent = Object.assign(loss, { ofViews, describe });

function loss(similarity: Tensor2D, pairs: Pairs, options: NtXentOptions = {}): Scalar {
  const temperature = check("ntXent", similarity, pairs, options);
  return crossEntropy(similarity, pairs, pairs.positive, temperature);
}

/**
 * {@link ntXent} of two views of the same n items. On engines with a kernel for it, its memory grows with n, not n².
 *
 * @param z1 unit-length embeddings of the first views, [n, dimensions]
 * @param z2 those of the second views; row i is of the same item as row i of `z1`
 */
function ofViews(z1: Tensor2D, z2: Tensor2D, options: NtXentOptions = {}): Scalar {
  const { temperature = 0.5 } = options;
  requirePositive("ntXent.ofViews", "temperature", temperature);
  requireSameShape("ntXent.ofViews", "z1 and z2", z1.shape, z2.shape);
  return tidy(() => {
    const views = concat([z1, z2], 0);
    if (hasKernel(NtXent)) return ntXentKernel(views, temperature);
    return loss(matMul(views, views, false, true), viewPairs(z1.shape[0]), { temperature });
  });
}

/** What {@link ntXent} wants (the positive) and finds; arguments as there. */
function describe(similarity: Tensor2D, pairs: Pairs, options: NtXentOptions = {}): PairDescription {
  const temperature = check("ntXent.describe", similarity, pairs, options);
  return { target: pairs.positive.clone(), prediction: candidateSoftmax(similarity, pairs, temperature) };
}

function check(caller: string, similarity: Tensor2D, pairs: Pairs, { temperature = 0.5 }: NtXentOptions): number {
  requirePositive(caller, "temperature", temperature);
  requireSameShape(caller, "similarity and pairs", similarity.shape, pairs.positive.shape);
  return temperature;
}
