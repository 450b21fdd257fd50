export { classBalanced } from "./classBalanced.js";
export { clusterDisjoint } from "./clusterDisjoint.js";
export { batchesPerEpoch, type EpochOrder, type Sampler } from "./sampler.js";
export { shuffled } from "./shuffled.js";
export { stratified } from "./stratified.js";
