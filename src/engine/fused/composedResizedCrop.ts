import { registerComposed } from "../registerComposed.js";
import { gather, type Tensor, type Tensor4D, tensor1d, transpose } from "../tensor.js";
import { type CropSamples, cropSamples, placeSamples } from "./cropSamples.js";
import { ResizedCrop } from "./kernelNames.js";
import type { ResizedCropAttrs } from "./views.js";

/**
 * Registers the crop for an engine that has none of its own: two rows are gathered for each output row and blended,
 * then the same with columns. Not a product with a matrix of shares, which GPUs may round to ten bits (TF32).
 */
export function registerComposedResizedCrop(backendName: string): void {
  registerComposed<{ images: Tensor4D }, ResizedCropAttrs>(backendName, ResizedCrop, ({ images }, { boxes, size }) => {
    const [n, height, width, channels] = images.shape;
    const [tall, wide] = size;
    const rows = samplesOfAll(boxes, 0, tall, height);
    const columns = samplesOfAll(boxes, 1, wide, width);
    const blended = blend(images.reshape([n * height, width * channels]), rows);
    const turned = transpose(blended.reshape([n, tall, width, channels]), [0, 2, 1, 3]);
    const crops = blend(turned.reshape([n * width, tall * channels]), columns);
    return transpose(crops.reshape([n, wide, tall, channels]), [0, 2, 1, 3]);
  });
}

/**
 * The samples of all images along one axis, as rows of their concatenation.
 *
 * @param axis 0: rows, 1: columns
 * @param size output rows (or columns) per image
 * @param length rows (or columns) that an image has
 */
function samplesOfAll(boxes: Int32Array, axis: 0 | 1, size: number, length: number): CropSamples {
  const n = boxes.length / 4;
  const all = cropSamples(n * size);
  for (let image = 0; image < n; image++) {
    const [from, to] = [image * size, (image + 1) * size];
    const own = {
      before: all.before.subarray(from, to),
      after: all.after.subarray(from, to),
      share: all.share.subarray(from, to),
    };
    placeSamples(own, boxes[4 * image + axis] as number, boxes[4 * image + axis + 2] as number, image * length, 1);
  }
  return all;
}

function blend(lines: Tensor, { before, after, share }: CropSamples): Tensor {
  const first: Tensor = gather(lines, tensor1d(before, "int32"));
  const second: Tensor = gather(lines, tensor1d(after, "int32"));
  return first.add(second.sub(first).mul(tensor1d(share).expandDims(1)));
}
