import { registerComposed } from "../registerComposed.js";
import {
  scalar,
  scatterND,
  slice,
  type Tensor,
  type Tensor1D,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
  where,
} from "../tensor.js";

interface Inputs {
  readonly x: Tensor;
  readonly segmentIds: Tensor1D;
}

/** Sum of the rows of each segment, the gradient of `gather`, as a scatter; ids outside the segments are dropped. */
export function registerUnsortedSegmentSum(): void {
  registerComposed<Inputs, UnsortedSegmentSumAttrs>(
    "wasm",
    UnsortedSegmentSum,
    ({ x, segmentIds }, { numSegments }) => {
      const inside = segmentIds.greaterEqual(0).logicalAnd(segmentIds.less(numSegments));
      const rows = where<Tensor>(inside, segmentIds, scalar(numSegments, "int32")); // one row more takes what is dropped
      const sums = scatterND(rows.expandDims(1), x, [numSegments + 1, ...x.shape.slice(1)]);
      return slice(sums, 0, numSegments);
    },
  );
}
