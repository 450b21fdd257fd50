export {
  type AnchorMeasures,
  type FalseNegativeMeasures,
  falseNegativeMask,
  falseNegatives,
} from "./falseNegatives.js";
export { type KnnProbeResult, knnProbe } from "./knnProbe.js";
export type { Labelled, Split } from "./labelled.js";
export { type LinearProbeOptions, type LinearProbeResult, linearProbe } from "./linearProbe.js";
export { type Neighbours, neighbours } from "./neighbours.js";
export { pixels, represent } from "./represent.js";
