export { batchNormTraining } from "./batchNormTraining.js";
