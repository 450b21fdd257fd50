import "./reluGrad.js";

export { batchNormTraining } from "./batchNormTraining.js";
export { blurImages } from "./blurImages.js";
export { flipImages } from "./flipImages.js";
export { imagesOfBytes } from "./imagesOfBytes.js";
export { ColorJitter, hasKernel, NtXent, ResizedCrop } from "./kernelNames.js";
export { ntXentKernel } from "./ntXent.js";
export { crossEntropyWithSlope, softmaxCrossEntropy } from "./softmaxCrossEntropy.js";
export { moveVariables, sgdUpdate } from "./update.js";
export { type ColorJitterAttrs, colorJitterKernel, type ResizedCropAttrs, resizedCropKernel } from "./views.js";
