export { batchesInOrder } from "./batchesInOrder.js";
export { batchOf } from "./batchOf.js";
export type { CardOptions } from "./cards/cardOptions.js";
export type { DecodedOptions } from "./cards/folderData.js";
export { cifar10 } from "./cifar10.js";
export { cifar100 } from "./cifar100.js";
export type {
  Batch,
  ImageArray,
  ImageDataset,
  Items,
  ReadImages,
  UnreadableImage,
  VectorDataset,
} from "./dataset.js";
export { epochBatches } from "./epochBatches.js";
export { fashionMnist } from "./fashionMnist.js";
export { type Card, type CardFile, cardNames, readCard } from "./files/card.js";
export { dataFolder } from "./files/dataFolder.js";
export { type DownloadOptions, type DownloadProgress, download } from "./files/download.js";
export { isAtHand } from "./files/isAtHand.js";
export { type FileState, verifyFiles } from "./files/verifyFiles.js";
export { fromArrays } from "./fromArrays.js";
export { fromParquet, type ParquetOptions } from "./fromParquet.js";
export { type GaussianMixtureOptions, gaussianMixture } from "./gaussianMixture.js";
export { type GroupOf, groupById } from "./groupById.js";
export { isImageArray } from "./imageArray.js";
export { type ImageFileOptions, imageFolder } from "./imageFolder.js";
export { imagenette } from "./imagenette.js";
export type { OnError } from "./images/encodedImages.js";
export { jpegDecoderKind } from "./images/jpegDecoder.js";
export { loadBatch } from "./loadBatch.js";
export { mnist } from "./mnist.js";
export { readableOf } from "./readableOf.js";
export {
  batchesPerEpoch,
  classBalanced,
  clusterDisjoint,
  type EpochOrder,
  type Sampler,
  shuffled,
  stratified,
} from "./samplers/index.js";
export type { SceneAnnotation, SceneObject } from "./scenes/drawScene.js";
export { type Annotated, type ScenesOptions, scenes } from "./scenes.js";
export { type ShapesOptions, shapes } from "./shapes.js";
export { stl10 } from "./stl10.js";
export { subset } from "./subset.js";
export { tinyImagenet } from "./tinyImagenet.js";
export { toTensor } from "./toTensor.js";
export { type BatchOptions, type TrainingBatch, trainingBatches } from "./trainingBatches.js";
export { type WebDatasetOptions, webDataset } from "./webDataset.js";
