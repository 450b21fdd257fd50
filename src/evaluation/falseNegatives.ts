import { requireInteger } from "../check/index.js";
import { type GroupOf, requireGroups } from "../data/groupById.js";
import type { PairTable } from "../objectives/index.js";
import { detection, fallingOrder } from "./detection.js";

/** False-negative measures of one anchor, by the anchor's row. NaN where a measure is not defined for it. */
export interface AnchorMeasures {
  /** False negatives among the negatives the anchor was told. */
  readonly count: Float64Array;
  readonly rate: Float64Array;
  readonly pressure: Float64Array;
  readonly relief: Float64Array;
  readonly netForce: Float64Array;
  readonly repulsionShare: Float64Array;
  readonly targetPrecision: Float64Array;
  readonly auroc: Float64Array;
  readonly averagePrecision: Float64Array;
  readonly topPrecision: Float64Array;
}

/**
 * How an objective treats false negatives: candidates it was told are negatives, of the anchor's group. NaN where a
 * measure is not defined: for want of a matrix in the table, of false negatives, or of mass to share.
 */
export interface FalseNegativeMeasures {
  /** Share of false negatives among the told negatives, averaged over anchors. */
  readonly rate: number;
  /** The share of repulsion (and of target) false negatives would get if all told negatives of all anchors got the same. */
  readonly chance: number;
  /** Σ prediction on false negatives, averaged over anchors: how much the anchor confuses them with its positive. */
  readonly pressure: number;
  /** Σ target on false negatives, averaged over anchors: how much the objective wants them. */
  readonly relief: number;
  /** Σ force on false negatives, averaged over anchors, nats per unit of similarity: above 0 they are pushed away. */
  readonly netForce: number;
  /** Share of all force that pushes told negatives away which is spent on false ones; compare with `chance`. */
  readonly repulsionShare: number;
  /** Share of the target on told negatives that is on false ones; compare with `chance`. */
  readonly targetPrecision: number;
  /** Similarity as a detector of false negatives among told negatives, averaged over the anchors that have both kinds. */
  readonly auroc: number;
  /** The same as average precision; `rate` is what chance gets. */
  readonly averagePrecision: number;
  /** Share of false negatives among the `top` most similar told negatives, averaged over anchors. */
  readonly topPrecision: number;
  readonly perAnchor: AnchorMeasures;
}

/**
 * Measures what an objective does to false negatives. Candidates that are no items (item -1, the noise a queue starts
 * with) are told negatives but never false ones; an older view of the anchor's own item is one.
 *
 * @param groupOf group of an item by its id; {@link groupById} gives that of a data set
 * @param options.top how many of the most similar negatives `topPrecision` looks at; default 10, at most all
 */
export async function falseNegatives(
  table: PairTable,
  groupOf: GroupOf,
  options: { top?: number } = {},
): Promise<FalseNegativeMeasures> {
  const { top = 10 } = options;
  requireInteger("falseNegatives", "top", top, 1);
  const columns = table.candidates.length;
  const falseMask = falseNegativeMask(table, groupOf, await table.pairs.negative.data());
  const [negative, similarity, prediction, target, force] = await Promise.all(
    [table.pairs.negative, table.similarity, table.prediction, table.target, table.force].map((matrix) =>
      matrix?.data<"float32">(),
    ),
  );
  const rows = table.anchors.map((_, anchor) => {
    const of = (matrix: Float32Array | undefined) => matrix?.subarray(anchor * columns, (anchor + 1) * columns);
    const told = Uint32Array.from(positionsOf(of(negative) as Float32Array));
    const pick = (matrix: Float32Array | undefined) => {
      const row = of(matrix);
      return row && Float32Array.from(told, (at) => row[at] as number);
    };
    const isFalse = Uint8Array.from(told, (at) => falseMask[anchor * columns + at] as number);
    return measureAnchor({
      isFalse,
      similarity: pick(similarity) as Float32Array,
      prediction: pick(prediction),
      target: pick(target),
      force: pick(force),
      top,
    });
  });
  const column = (value: (row: AnchorRow) => number) => Float64Array.from(rows, value);
  const total = (value: (row: AnchorRow) => number) => rows.reduce((sum, row) => sum + value(row), 0);
  const perAnchor: AnchorMeasures = {
    count: column((row) => row.count),
    rate: column((row) => row.count / row.told),
    pressure: column((row) => row.pressure),
    relief: column((row) => row.relief),
    netForce: column((row) => row.netForce),
    repulsionShare: column((row) => row.falseRepulsion / row.repulsion),
    targetPrecision: column((row) => row.relief / row.negativeTarget),
    auroc: column((row) => row.auroc),
    averagePrecision: column((row) => row.averagePrecision),
    topPrecision: column((row) => row.topPrecision),
  };
  return {
    rate: meanDefined(perAnchor.rate),
    chance: total((row) => row.count) / total((row) => row.told),
    pressure: meanDefined(perAnchor.pressure),
    relief: meanDefined(perAnchor.relief),
    netForce: meanDefined(perAnchor.netForce),
    repulsionShare: total((row) => row.falseRepulsion) / total((row) => row.repulsion),
    targetPrecision: total((row) => row.relief) / total((row) => row.negativeTarget),
    auroc: meanDefined(perAnchor.auroc),
    averagePrecision: meanDefined(perAnchor.averagePrecision),
    topPrecision: meanDefined(perAnchor.topPrecision),
    perAnchor,
  };
}

/**
 * Which pairs of a table are false negatives.
 *
 * @param negative the values of `table.pairs.negative`
 * @returns [anchors · candidates], row by row, 1 for a false negative
 */
export function falseNegativeMask(
  table: Pick<PairTable, "anchors" | "candidates">,
  groupOf: GroupOf,
  negative: ArrayLike<number>,
): Uint8Array {
  const known = requireGroups("falseNegatives", groupOf);
  const groups = table.candidates.map(({ item }) => (item < 0 ? undefined : known(item)));
  return Uint8Array.from(
    table.anchors.flatMap(({ item }, anchor) => {
      const group = known(item);
      return groups.map((other, at) => (other === group && negative[anchor * groups.length + at] ? 1 : 0));
    }),
  );
}

/** The told negatives of one anchor. */
interface AnchorRow {
  readonly told: number;
  readonly count: number;
  readonly pressure: number;
  readonly relief: number;
  readonly netForce: number;
  readonly falseRepulsion: number;
  readonly repulsion: number;
  readonly negativeTarget: number;
  readonly auroc: number;
  readonly averagePrecision: number;
  readonly topPrecision: number;
}

function measureAnchor(row: {
  readonly isFalse: Uint8Array;
  readonly similarity: Float32Array;
  readonly prediction: Float32Array | undefined;
  readonly target: Float32Array | undefined;
  readonly force: Float32Array | undefined;
  readonly top: number;
}): AnchorRow {
  const { isFalse, similarity, prediction, target, force, top } = row;
  const order = fallingOrder(similarity);
  const nearest = order.subarray(0, top);
  const repulsion = force?.map((value) => Math.max(0, value));
  const all = isFalse.map(() => 1);
  return {
    told: isFalse.length,
    count: isFalse.reduce((sum, value) => sum + value, 0),
    pressure: sumOver(prediction, isFalse),
    relief: sumOver(target, isFalse),
    netForce: sumOver(force, isFalse),
    falseRepulsion: sumOver(repulsion, isFalse),
    repulsion: sumOver(repulsion, all),
    negativeTarget: sumOver(target, all),
    ...detection(similarity, isFalse, order),
    topPrecision: nearest.reduce((sum, at) => sum + (isFalse[at] as number), 0) / nearest.length,
  };
}

/** Sum of the values a mask selects; NaN without values. */
function sumOver(values: Float32Array | undefined, mask: Uint8Array): number {
  return values ? values.reduce((sum, value, at) => (mask[at] ? sum + value : sum), 0) : Number.NaN;
}

function meanDefined(values: Float64Array): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

function* positionsOf(mask: Float32Array): Generator<number> {
  for (let at = 0; at < mask.length; at++) if (mask[at]) yield at;
}
