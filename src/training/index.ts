export { type FitOptions, fit, type Run } from "./fit.js";
export type { TrainingOptions } from "./plan.js";
export { type PretrainOptions, pretrain, type Step } from "./pretrain.js";
export type { Provenance } from "./provenance.js";
export { loadEncoder, saveEncoder } from "./saveModel.js";
export { type Schedule, warmupCosine } from "./schedules.js";
export { type Sgd, type SgdOptions, sgd } from "./sgd.js";
