export type { Method, ViewRefs, Views } from "./method.js";
export { type MocoOptions, moco } from "./moco.js";
export type { MomentumQueueOptions } from "./momentumQueue.js";
export { type SceMethodOptions, sce } from "./sce.js";
export { type SimclrOptions, simclr } from "./simclr.js";
