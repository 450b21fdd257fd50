import type { Tensor4D } from "../tensor.js";
import { imagesKernel } from "./imagesKernel.js";
import { ColorJitter, ResizedCrop } from "./kernelNames.js";

/** Attributes of {@link resizedCropKernel}. */
export interface ResizedCropAttrs {
  readonly boxes: Int32Array;
  /** Height and width of the result. */
  readonly size: readonly [number, number];
  /** Whether a box that is made smaller is averaged over all its pixels, as Pillow does it. */
  readonly antialias: boolean;
}

/** Attributes of {@link colorJitterKernel}. */
export interface ColorJitterAttrs {
  readonly factors: Float32Array;
  readonly orders: Int32Array;
}

/** Cuts a box out of each image and resizes it bilinearly, as one kernel. */
export function resizedCropKernel(images: Tensor4D, attributes: ResizedCropAttrs): Tensor4D {
  return imagesKernel(ResizedCrop, images, attributes);
}

/** Changes the colours of each image in its own order, as one kernel. */
export function colorJitterKernel(images: Tensor4D, attributes: ColorJitterAttrs): Tensor4D {
  return imagesKernel(ColorJitter, images, attributes);
}
