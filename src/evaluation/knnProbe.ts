import { requireInteger, requirePositive, requireThat } from "../check/index.js";
import { accuracyOf, classCount, type Split } from "./labelled.js";
import { nearest } from "./nearest.js";

export interface KnnProbeResult {
  /** Share of test rows whose class was found, in [0, 1]. */
  readonly accuracy: number;
  /** The class found for each test row. */
  readonly predictions: Int32Array;
  /** Neighbours that voted. */
  readonly k: number;
}

/**
 * Weighted vote of the k nearest training rows by cosine similarity s, each with weight exp(s / temperature).
 * Wu et al. 2018, "Unsupervised Feature Learning via Non-Parametric Instance Discrimination" (arXiv:1805.01978),
 * Sec. 3.4; of classes with equal votes the first wins.
 *
 * @param options.k neighbours; default 200, or all training rows where there are fewer
 * @param options.temperature default 0.1; the paper's is 0.07
 * @throws RangeError `knnProbe: k must be at most the 50 training rows, got 200`
 */
export async function knnProbe(
  split: Split,
  options: { k?: number; temperature?: number } = {},
): Promise<KnnProbeResult> {
  const classes = classCount("knnProbe", split);
  const { train, test } = split;
  const [rows] = train.features.shape;
  const { k = Math.min(200, rows), temperature = 0.1 } = options;
  requireInteger("knnProbe", "k", k, 1);
  requireThat(k <= rows, "knnProbe", `k must be at most the ${rows} training rows, got ${k}`);
  requirePositive("knnProbe", "temperature", temperature);
  const predictions = new Int32Array(test.features.shape[0]);
  for await (const { row, indices, similarities } of nearest(test.features, train.features, k)) {
    const votes = new Float64Array(classes);
    for (let rank = 0; rank < k; rank++) {
      const label = train.labels[indices[rank] as number] as number;
      // Relative to the nearest, so that a small temperature does not overflow.
      const ahead = (similarities[rank] as number) - (similarities[0] as number);
      votes[label] = (votes[label] as number) + Math.exp(ahead / temperature);
    }
    predictions[row] = votes.indexOf(votes.reduce((most, vote) => Math.max(most, vote)));
  }
  return { accuracy: accuracyOf(predictions, test.labels), predictions, k };
}
