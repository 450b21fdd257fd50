import type { ImageArray, ImageDataset } from "./dataset.js";
import { isImageArray } from "./imageArray.js";
import { inParts } from "./inParts.js";
import { prefetch } from "./prefetch.js";
import { subset } from "./subset.js";

/**
 * The items of a data set whose images can be read, in its order. Reads everything once, a part at a time; data in
 * memory, and data without a fault, come back as they are.
 *
 * @throws Error `readableOf: none of the 100 images of "photos" can be read; are its files there?`
 */
export async function readableOf(dataset: ImageArray): Promise<ImageArray>;
export async function readableOf(dataset: ImageDataset): Promise<ImageDataset>;
export async function readableOf(dataset: ImageDataset): Promise<ImageDataset> {
  if (isImageArray(dataset)) return dataset;
  const readable: number[] = [];
  const read = async (positions: Int32Array) => ({ positions, places: (await dataset.read(positions)).places });
  for await (const { positions, places } of prefetch(inParts(dataset.size, 256), read, { ahead: 1 })) {
    positions.forEach((position, at) => {
      if ((places[at] as number) >= 0) readable.push(position);
    });
  }
  if (readable.length === dataset.size) return dataset;
  if (readable.length > 0) return subset(dataset, readable);
  const what = `none of the ${dataset.size} images of "${dataset.name}" can be read`;
  throw new Error(`readableOf: ${what}; are its files there?`);
}
