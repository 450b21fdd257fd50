import { requireInteger, requireThat } from "../check/index.js";
import type { Tensor2D } from "../engine/tensor.js";
import { nearest } from "./nearest.js";

/** The nearest rows of every row, nearest first, itself left out. */
export interface Neighbours {
  readonly indices: Int32Array[];
  /** Cosine distances, 1 − similarity, in [0, 2]. */
  readonly distances: Float32Array[];
}

/**
 * The k nearest other rows of every row by cosine distance, exact.
 *
 * @param features [n, dimensions], n > k
 * @throws RangeError `neighbours: k must be less than the 10 rows, got 15`
 */
export async function neighbours(features: Tensor2D, k: number): Promise<Neighbours> {
  const [rows] = features.shape;
  requireInteger("neighbours", "k", k, 1);
  requireThat(k < rows, "neighbours", `k must be less than the ${rows} rows, got ${k}`);
  const indices: Int32Array[] = [];
  const distances: Float32Array[] = [];
  for await (const found of nearest(features, features, k + 1)) {
    const self = found.indices.indexOf(found.row);
    const dropped = self < 0 ? k : self; // rows equal to this one may push it off the list
    const others = (_: number, rank: number) => rank !== dropped;
    indices.push(found.indices.filter(others));
    distances.push(found.similarities.filter(others).map((similarity) => Math.max(0, 1 - similarity)));
  }
  return { indices, distances };
}
