import { nextTurn } from "../engine/index.js";
import { dispose, matMul, type Tensor2D, tidy, topk } from "../engine/tensor.js";

/** Similarities held at once, 64 MB: blocks of queries are as large as that allows. */
const blockSize = 1 << 24;

/** The nearest candidates of one query, nearest first. */
export interface Nearest {
  readonly row: number;
  readonly indices: Int32Array;
  /** Cosine similarities, descending. */
  readonly similarities: Float32Array;
}

/**
 * The k nearest candidates of each query by cosine similarity: exact, by blocks of one matrix product and `topk`.
 *
 * @param queries [n, dimensions]
 * @param candidates [m, dimensions], m ≥ k
 */
export async function* nearest(queries: Tensor2D, candidates: Tensor2D, k: number): AsyncGenerator<Nearest> {
  const [rows] = queries.shape;
  const block = Math.max(1, Math.floor(blockSize / candidates.shape[0]));
  const [units, transposed] = tidy(() => [unit(queries), unit(candidates).transpose<Tensor2D>()]);
  try {
    for (let from = 0; from < rows; from += block) {
      await nextTurn();
      const count = Math.min(block, rows - from);
      const found = tidy(() => topk(matMul(units.slice([from, 0], [count, -1]), transposed), k));
      const [values, places] = (await Promise.all([found.values.data(), found.indices.data()])) as [
        Float32Array,
        Int32Array,
      ];
      dispose([found.values, found.indices]);
      for (let row = 0; row < count; row++) {
        const [start, end] = [row * k, (row + 1) * k];
        yield { row: from + row, indices: places.slice(start, end), similarities: values.slice(start, end) };
      }
    }
  } finally {
    dispose([units, transposed]);
  }
}

/** Rows divided by their length; rows of zeros stay zero. */
function unit(x: Tensor2D): Tensor2D {
  return x.mul(x.square().sum(1, true).maximum(1e-12).rsqrt());
}
