/** The public toolkit: `import { engine, … } from "kontrast"`. */
export * from "./data/index.js";
export * from "./display/index.js";
export * from "./encoders/index.js";
export * from "./engine/index.js";
export * as tf from "./engine/tensor.js";
export * from "./evaluation/index.js";
export * from "./figures/index.js";
export type { Method, ViewRefs, Views } from "./methods/index.js";
export * as methods from "./methods/index.js";
export * from "./objectives/index.js";
export * from "./training/index.js";
export * from "./views/index.js";
