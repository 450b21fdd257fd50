import "./reluGrad.js";

export { batchNormTraining } from "./batchNormTraining.js";
export { ColorJitter, ResizedCrop } from "./kernelNames.js";
export { type ColorJitterAttrs, colorJitterKernel, type ResizedCropAttrs, resizedCropKernel } from "./views.js";
