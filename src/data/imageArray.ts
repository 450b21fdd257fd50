import type { ImageArray, ImageDataset } from "./dataset.js";

/** A data set in memory: `read` copies nothing. */
export function imageArray(parts: Omit<ImageArray, "read">): ImageArray {
  return { ...parts, read: async (places) => ({ bytes: parts.images, places }) };
}

/** Whether the images of a data set are in memory. */
export function isImageArray(dataset: ImageDataset): dataset is ImageArray {
  return "images" in dataset;
}
