import { requireInteger, requireThat, requireWithin, seededRandom } from "../check/index.js";
import { currentCell } from "../display/index.js";
import { nextTurn } from "../engine/index.js";
import { type Tensor2D, tensor2d, tidy } from "../engine/tensor.js";
import { neighbours } from "../evaluation/index.js";
import { principalPlane } from "./principalPlane.js";

export interface UmapOptions {
  /** Default 0. */
  readonly seed?: number;
  /** How many nearest items each item is tied to; default 15. */
  readonly neighbours?: number;
  /** How close tied items may come, in units of the map, in [0, 1]; default 0.1. */
  readonly minDistance?: number;
  /** Rounds of optimization; default 200. */
  readonly epochs?: number;
  /** Stops the optimization with an AbortError; default the running cell's, which an interrupt aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Maps a representation to two dimensions: UMAP (McInnes et al. 2018, arXiv:1802.03426) over exact nearest neighbours
 * by cosine distance, started from the first two principal components of the unit-length features. The same seed
 * gives the same map on one engine. Other code runs between rounds.
 *
 * @param features [n, dimensions], n > neighbours
 * @returns n pairs [x, y]
 * @throws RangeError `umap: features must have more than 15 rows (neighbours), got 10`
 * @throws RangeError `umap: features must be finite, got NaN in row 3`
 */
export async function umap(
  features: Tensor2D | readonly (readonly number[])[],
  options: UmapOptions = {},
): Promise<[number, number][]> {
  const { seed = 0, neighbours: count = 15, minDistance = 0.1, epochs = 200 } = options;
  requireInteger("umap", "neighbours", count, 2);
  requireInteger("umap", "epochs", epochs, 1);
  requireWithin("umap", "minDistance", minDistance, 0, 1);
  const signal = options.signal ?? currentCell()?.signal;
  const given = Array.isArray(features) ? tensor2d(features as number[][]) : (features as Tensor2D);
  const unit = tidy(() => given.div<Tensor2D>(given.norm("euclidean", 1, true).maximum(1e-12)));
  try {
    const rows = unit.shape[0];
    requireThat(rows > count, "umap", `features must have more than ${count} rows (neighbours), got ${rows}`);
    const values = await unit.data<"float32">();
    const bad = values.findIndex((value) => !Number.isFinite(value));
    const width = unit.shape[1];
    requireThat(bad < 0, "umap", `features must be finite, got ${values[bad]} in row ${Math.floor(bad / width)}`);
    const [nearest, start] = [await neighbours(unit, count - 1), principalPlane(values, rows, width, seed)];
    signal?.throwIfAborted();
    const { UMAP } = await import("umap-js");
    const random = seededRandom(seed, 2);
    const mapping = new UMAP({ nNeighbors: count, minDist: minDistance, nEpochs: epochs, random: random.uniform });
    // As in McInnes' own implementation, every item is its own first neighbour.
    mapping.setPrecomputedKNN(
      nearest.indices.map((row, item) => [item, ...row]),
      nearest.distances.map((row) => [0, ...row]),
    );
    // umap-js looks at the vectors themselves only to map further items, which nobody asks for here.
    const placeholders = Array.from({ length: rows }, () => [0]);
    const total = mapping.initializeFit(placeholders);
    const map = mapping.getEmbedding() as [number, number][];
    for (const [row, point] of map.entries()) point.splice(0, 2, ...(start[row] as [number, number]));
    for (let round = 0, since = performance.now(); round < total; round++) {
      mapping.step();
      if (performance.now() - since < 30) continue;
      await nextTurn(signal);
      since = performance.now();
    }
    return map.map(([x, y]) => [x, y]);
  } finally {
    unit.dispose();
    if (given !== features) given.dispose();
  }
}
