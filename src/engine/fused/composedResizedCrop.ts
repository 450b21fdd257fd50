import { registerComposed } from "../registerComposed.js";
import { gather, type Tensor, type Tensor4D, tensor1d, transpose } from "../tensor.js";
import { type CropSamples, cropSamples, placeSamples, tapCount } from "./cropSamples.js";
import { ResizedCrop } from "./kernelNames.js";
import type { ResizedCropAttrs } from "./views.js";

/**
 * Registers the crop for an engine that has none of its own: the rows that make up an output row are gathered and summed
 * by weight, then the same with columns. Not a product with a matrix of weights, which GPUs may round to ten bits (TF32).
 */
export function registerComposedResizedCrop(backendName: string): void {
  registerComposed<{ images: Tensor4D }, ResizedCropAttrs>(backendName, ResizedCrop, ({ images }, attributes) => {
    const [n, height, width, channels] = images.shape;
    const [tall, wide] = attributes.size;
    const rows = samplesOfAll(attributes, 0, height);
    const columns = samplesOfAll(attributes, 1, width);
    const summed = weigh(images.reshape([n * height, width * channels]), rows);
    const turned = transpose(summed.reshape([n, tall, width, channels]), [0, 2, 1, 3]);
    const crops = weigh(turned.reshape([n * width, tall * channels]), columns);
    return transpose(crops.reshape([n, wide, tall, channels]), [0, 2, 1, 3]);
  });
}

/**
 * The samples of all images along one axis, as rows of their concatenation.
 *
 * @param axis 0: rows, 1: columns
 * @param length rows (or columns) that an image has
 */
function samplesOfAll({ boxes, size, antialias }: ResizedCropAttrs, axis: 0 | 1, length: number): CropSamples {
  const n = boxes.length / 4;
  const rows = size[axis];
  const extents = Array.from({ length: n }, (_, image) => boxes[4 * image + axis + 2] as number);
  const taps = Math.max(2, ...extents.map((extent) => tapCount(extent, rows, antialias)));
  const all = cropSamples(n * rows, taps);
  extents.forEach((extent, image) => {
    const start = boxes[4 * image + axis] as number;
    placeSamples(all, image * rows, rows, { start, extent, antialias, offset: image * length, stride: 1 });
  });
  return all;
}

function weigh(lines: Tensor, { size, taps, places, weights }: CropSamples): Tensor {
  const parts = Array.from({ length: taps }, (_, tap) => {
    const [from, to] = [tap * size, (tap + 1) * size];
    const weight = tensor1d(weights.subarray(from, to)).expandDims(1);
    return gather(lines, tensor1d(places.subarray(from, to), "int32")).mul(weight);
  });
  return parts.reduce((sum, part) => sum.add(part));
}
