import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor, type Tensor4D } from "../tensor.js";
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
  return run(ResizedCrop, images, attributes);
}

/** Changes the colours of each image in its own order, as one kernel. */
export function colorJitterKernel(images: Tensor4D, attributes: ColorJitterAttrs): Tensor4D {
  return run(ColorJitter, images, attributes);
}

function run(name: string, images: Tensor4D, attributes: ResizedCropAttrs | ColorJitterAttrs): Tensor4D {
  const inputs = { images } as unknown as NamedTensorMap;
  return engine().runKernel<Tensor>(name, inputs, attributes as unknown as NamedAttrMap) as Tensor4D;
}
