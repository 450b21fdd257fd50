import { requireThat } from "../check/index.js";
import { dispose, type Tensor2D } from "../engine/tensor.js";
import type { ViewRef } from "../views/index.js";
import { pairForce, type SimilarityLoss } from "./pairForce.js";
import type { Pairs } from "./pairs.js";
import type { PairDescription } from "./softmax.js";

/** What an objective said about every (anchor, candidate) pair of one step. Matrices are [anchors, candidates]. */
export interface PairTable {
  /** One per row. */
  readonly anchors: readonly ViewRef[];
  /** One per column; item -1 is a candidate that is no item of the data, such as the noise a queue starts with. */
  readonly candidates: readonly ViewRef[];
  /** What the objective was told. */
  readonly pairs: Pairs;
  readonly similarity: Tensor2D;
  /** How much each candidate is wanted; rows sum to 1. */
  readonly target?: Tensor2D;
  /** Probability with which the anchor picks each candidate; rows sum to 1. */
  readonly prediction?: Tensor2D;
  /** {@link pairForce}: below zero pulls together, above zero pushes apart. Absent when the objective knows no pairs. */
  readonly force?: Tensor2D;
  dispose(): void;
}

/** What {@link pairTable} is made of. */
export interface PairTableParts {
  readonly anchors: readonly ViewRef[];
  readonly candidates: readonly ViewRef[];
  /** Belong to the table from now on, as does `similarity`. */
  readonly pairs: Pairs;
  readonly similarity: Tensor2D;
  /** The objective as a function of the similarities; leave it out when it does not act through pairs. */
  readonly objective?: SimilarityLoss;
  /** The objective's own account of target and prediction, if it has one. */
  readonly describe?: (similarity: Tensor2D) => PairDescription;
}

/**
 * Tabulates what an objective says about every pair; the forces come from automatic differentiation.
 *
 * @throws RangeError `pairTable: similarity must be [4, 8] for 4 anchors and 8 candidates, got [4, 4]`
 */
export function pairTable(parts: PairTableParts): PairTable {
  const { anchors, candidates, pairs, similarity, objective, describe } = parts;
  const [rows, columns] = similarity.shape;
  requireThat(
    rows === anchors.length && columns === candidates.length,
    "pairTable",
    `similarity must be [${anchors.length}, ${candidates.length}] for ${anchors.length} anchors and ` +
      `${candidates.length} candidates, got [${rows}, ${columns}]`,
  );
  const matrices = {
    similarity,
    ...describe?.(similarity),
    ...(objective && { force: pairForce(objective, similarity) }),
  };
  return { anchors, candidates, pairs, ...matrices, dispose: () => dispose([{ ...pairs }, matrices]) };
}
