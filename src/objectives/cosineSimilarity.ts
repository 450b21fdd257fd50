import { requireThat } from "../check/index.js";
import { matMul, type Tensor2D, tidy } from "../engine/tensor.js";

/**
 * Cosine of the angle between every row of one matrix and every row of another.
 *
 * @param anchors [anchors, dimensions], rows of any length but 0
 * @param candidates [candidates, dimensions]; default: the anchors themselves
 * @returns [anchors, candidates], in [-1, 1]
 */
export function cosineSimilarity(anchors: Tensor2D, candidates: Tensor2D = anchors): Tensor2D {
  const [dimensions, others] = [anchors.shape[1], candidates.shape[1]];
  requireThat(
    dimensions === others,
    "cosineSimilarity",
    `candidates must have ${dimensions} columns like anchors, got ${others}`,
  );
  return tidy(() => matMul(unitRows(anchors), unitRows(candidates), false, true));
}

function unitRows(rows: Tensor2D): Tensor2D {
  return rows.div<Tensor2D>(rows.square().sum(1, true).sqrt());
}
