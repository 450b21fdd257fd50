import { requireWithin } from "../../check/index.js";

/** Requires the exponent of a power law. @throws RangeError `shapes: longTail must be in [0, 4], got -1` */
export function requireLongTail(caller: string, longTail: number): void {
  requireWithin(caller, "longTail", longTail, 0, 4);
}

/** Shares of classes that follow a power law, (k + 1)^−longTail, as a running sum that ends at 1. */
export function classPrior(classes: number, longTail: number): readonly number[] {
  const weights = Array.from({ length: classes }, (_, label) => (label + 1) ** -longTail);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight) => {
    sum += weight / total;
    return sum;
  });
}

/** The class into whose part of [0, 1) a uniform number falls. */
export function pickByPrior(runningSum: readonly number[], uniform: number): number {
  const label = runningSum.findIndex((sum) => uniform < sum);
  return label < 0 ? runningSum.length - 1 : label; // the sum may end a rounding error below 1
}
