export type { ApplyOptions, Encoder } from "./encoder.js";
export { modelEncoder } from "./modelEncoder.js";
export type { ProjectorOptions } from "./residual.js";
export { type ResNet18Options, resNet18 } from "./resNet18.js";
export { type SmallResNetOptions, smallResNet } from "./smallResNet.js";
export { copyWeights, moveTowards } from "./weights.js";
