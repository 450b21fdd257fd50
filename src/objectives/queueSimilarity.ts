import { requireSameShape, requireThat } from "../check/index.js";
import { concat, matMul, type Tensor2D } from "../engine/tensor.js";
import { stopGradient } from "./stopGradient.js";

/**
 * Similarity of each query to its own key (column 0) and to the queue, [n, 1 + queueSize]: what a training step needs,
 * without the n² pairs of queries and other keys that take no part.
 */
export function queueSimilarity(caller: string, query: Tensor2D, key: Tensor2D, queue: Tensor2D): Tensor2D {
  requireSameShape(caller, "query and key", query.shape, key.shape);
  const [dimensions, stored] = [query.shape[1], queue.shape[1]];
  requireThat(stored === dimensions, caller, `queue must have ${dimensions} columns like query, got ${stored}`);
  const own: Tensor2D = query.mul(stopGradient(key)).sum(1, true);
  const others: Tensor2D = matMul(query, stopGradient(queue), false, true);
  return concat([own, others], 1);
}
