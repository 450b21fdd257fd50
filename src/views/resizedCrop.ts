import { resizedCropKernel } from "../engine/fused/index.js";
import type { Tensor4D } from "../engine/tensor.js";

/** A window of an image, px; `top` and `left` count from the upper left pixel. */
export type Box = { readonly top: number; readonly left: number; readonly height: number; readonly width: number };

/**
 * Cuts a box out of each image and resizes it bilinearly: torchvision's `functional.resized_crop` on tensors with
 * `antialias=False`. Pixels are sampled at their centres, and beyond its edge a box repeats its outermost pixels.
 *
 * @param images [batch, height, width, channels]
 * @param boxes one per image, inside it
 * @returns [batch, size[0], size[1], channels]
 */
export function resizedCrop(images: Tensor4D, boxes: readonly Box[], size: readonly [number, number]): Tensor4D {
  const edges = boxes.flatMap(({ top, left, height, width }) => [top, left, height, width]);
  return resizedCropKernel(images, { boxes: Int32Array.from(edges), size });
}
