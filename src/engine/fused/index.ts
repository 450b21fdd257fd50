export { type BatchNormResult, batchNormTraining } from "./batchNormTraining.js";
