import { type Idx, readIdx } from "./readIdx.js";

/** Images and labels of one split of an MNIST-like data set. */
export interface IdxPair {
  /** [n, height, width]. */
  readonly images: Idx;
  readonly labels: Uint8Array;
}

/**
 * Reads an idx file of images and the idx file of their labels.
 *
 * @param expected extents of one image, and how many classes the labels may name
 * @throws Error as {@link readIdx}, and `… must hold 28×28 images, holds 32×32`, `… must have as many labels as … has
 *   images, 60000, has 59999`, `… must hold labels below 10, holds 12`
 */
export async function readIdxPair(
  imagesPath: string,
  labelsPath: string,
  expected: { readonly height: number; readonly width: number; readonly classes: number },
): Promise<IdxPair> {
  const [images, labels] = await Promise.all([readIdx(imagesPath, 3), readIdx(labelsPath, 1)]);
  const [count, height, width] = images.shape;
  if (height !== expected.height || width !== expected.width) {
    throw new Error(`${imagesPath} must hold ${expected.height}×${expected.width} images, holds ${height}×${width}`);
  }
  if (labels.values.length !== count) {
    const want = `as many labels as ${imagesPath} has images, ${count}`;
    throw new Error(`${labelsPath} must have ${want}, has ${labels.values.length}`);
  }
  const highest = labels.values.reduce((high, label) => Math.max(high, label), 0);
  if (highest >= expected.classes) {
    throw new Error(`${labelsPath} must hold labels below ${expected.classes}, holds ${highest}`);
  }
  return { images, labels: labels.values };
}
