export {
  type AnchorMeasures,
  type FalseNegativeMeasures,
  falseNegativeMask,
  falseNegatives,
  type GroupOf,
} from "./falseNegatives.js";
