export { cosineSimilarity } from "./cosineSimilarity.js";
export { type InfoNceOptions, infoNce } from "./infoNce.js";
export { type NtXentOptions, ntXent } from "./ntXent.js";
export { pairForce, type SimilarityLoss } from "./pairForce.js";
export { batchPairs, type Pairs, queuePairs, type TargetPairs, viewPairs } from "./pairs.js";
export { type PairTable, type PairTableParts, pairTable } from "./pairTable.js";
export { type SceOptions, type SceTargetOptions, sce } from "./sce.js";
export type { PairDescription } from "./softmax.js";
export { stopGradient } from "./stopGradient.js";
