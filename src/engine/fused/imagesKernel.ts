import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor, type Tensor4D } from "../tensor.js";

/** Runs a kernel of ours that makes images of images. */
export function imagesKernel(name: string, images: Tensor4D, attributes: object): Tensor4D {
  const inputs = { images } as unknown as NamedTensorMap;
  return engine().runKernel<Tensor>(name, inputs, attributes as unknown as NamedAttrMap) as Tensor4D;
}
