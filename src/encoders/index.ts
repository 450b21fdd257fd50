export type { ApplyOptions, Encoder } from "./encoder.js";
export { modelEncoder } from "./modelEncoder.js";
export { type ProjectorOptions, type SmallResNetOptions, smallResNet } from "./smallResNet.js";
export { copyWeights, moveTowards } from "./weights.js";
