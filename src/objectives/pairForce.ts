import { grad, type Scalar, type Tensor, type Tensor2D, tidy } from "../engine/tensor.js";

/** An objective whose pairs and options are settled: a loss, averaged over anchors, of the similarities alone. */
export type SimilarityLoss = (similarity: Tensor2D) => Scalar;

/**
 * Force on every pair, anchors · ∂loss/∂similarity, by automatic differentiation and therefore for any objective: below
 * zero pulls the pair together, above zero pushes it apart. The factor undoes the loss's mean over anchors, so that a
 * force does not shrink with the batch.
 *
 * @param objective such as `(s) => ntXent(s, viewPairs(n), { temperature: 0.5 })`
 * @param similarity [anchors, candidates]
 * @returns [anchors, candidates], nats per unit of similarity
 */
export function pairForce(objective: SimilarityLoss, similarity: Tensor2D): Tensor2D {
  return tidy(() => {
    const slope = grad((s: Tensor) => objective(s as Tensor2D))(similarity) as Tensor2D;
    return slope.mul<Tensor2D>(similarity.shape[0]);
  });
}
