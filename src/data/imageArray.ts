import type { ImageArray } from "./dataset.js";

/** A data set in memory: `read` copies nothing. */
export function imageArray(parts: Omit<ImageArray, "read">): ImageArray {
  return { ...parts, read: async (places) => ({ bytes: parts.images, places }) };
}
