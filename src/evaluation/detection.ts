/** How well a score tells the positives of a list from the rest. */
export interface Detection {
  /** Area under the ROC curve: chance that a positive scores above another, a tie counting half; 0.5 is chance. */
  readonly auroc: number;
  /** Precision averaged over the positives in falling order of score; the share of positives is chance. */
  readonly averagePrecision: number;
}

/**
 * Scores a detector. Equal scores are one threshold, as in scikit-learn.
 *
 * @param scores higher means "more likely positive"
 * @param truth 1 for a positive, 0 for the rest
 * @param order positions from the highest score to the lowest, if they are known already
 * @returns NaN for what is not defined: both without a positive, the AUROC also without a negative
 */
export function detection(
  scores: Float32Array,
  truth: Uint8Array,
  order: Uint32Array = fallingOrder(scores),
): Detection {
  let [hits, misses, area, precisions] = [0, 0, 0, 0];
  for (let start = 0; start < order.length; ) {
    const threshold = scores[order[start] as number];
    let [tiedHits, tiedMisses] = [0, 0];
    let end = start;
    do {
      if (truth[order[end++] as number]) tiedHits++;
      else tiedMisses++;
    } while (end < order.length && scores[order[end] as number] === threshold);
    area += tiedMisses * (hits + tiedHits / 2);
    hits += tiedHits;
    misses += tiedMisses;
    precisions += tiedHits * (hits / (hits + misses));
    start = end;
  }
  return { auroc: area / (hits * misses), averagePrecision: precisions / hits };
}

/** Positions of the scores, highest first; equal scores in their order of appearance. */
export function fallingOrder(scores: Float32Array): Uint32Array {
  const order = Uint32Array.from(scores, (_, index) => index);
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
}
