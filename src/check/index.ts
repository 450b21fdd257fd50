export { fileStamp } from "./fileStamp.js";
export { isInside } from "./isInside.js";
export { nearestName } from "./nearestName.js";
export { packageVersion } from "./packageVersion.js";
export { type Random, seededRandom } from "./random.js";
export { replaceFile } from "./replaceFile.js";
export * from "./require.js";
export { startWorker } from "./startWorker.js";
