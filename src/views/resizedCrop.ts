import { hasKernel, ResizedCrop, resizedCropKernel } from "../engine/fused/index.js";
import { type Tensor2D, type Tensor4D, tensor1d, tensor2d, tidy } from "../engine/tensor.js";

/** A window of an image, px; `top` and `left` count from the upper left pixel. */
export type Box = { readonly top: number; readonly left: number; readonly height: number; readonly width: number };

/**
 * Cuts a box out of each image and resizes it bilinearly: torchvision's `functional.resized_crop` on tensors with
 * `antialias=False`. Pixels are sampled at their centres, and beyond its edge a box repeats its outermost pixels.
 * First rows, then columns: each output row blends two input rows, which are picked by one gather for the whole batch.
 *
 * @param images [batch, height, width, channels]
 * @param boxes one per image, inside it
 * @returns [batch, size[0], size[1], channels]
 */
export function resizedCrop(images: Tensor4D, boxes: readonly Box[], size: readonly [number, number]): Tensor4D {
  if (hasKernel(ResizedCrop)) {
    const edges = boxes.flatMap(({ top, left, height, width }) => [top, left, height, width]);
    return resizedCropKernel(images, { boxes: Int32Array.from(edges), size });
  }
  return tidy(() => {
    const rows = boxes.map(({ top, height }) => [top, height] as const);
    const columns = boxes.map(({ left, width }) => [left, width] as const);
    const tall = resampleRows(images, rows, size[0]).transpose<Tensor4D>([0, 2, 1, 3]);
    return resampleRows(tall, columns, size[1]).transpose<Tensor4D>([0, 2, 1, 3]);
  });
}

/** Resamples axis 1 of `images` from `[start, extent]` of each image to `size` samples. */
function resampleRows(
  images: Tensor4D,
  windows: readonly (readonly [start: number, extent: number])[],
  size: number,
): Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const before = new Int32Array(batch * size);
  const after = new Int32Array(batch * size);
  const share = new Float32Array(batch * size);
  windows.forEach(([start, extent], image) => {
    for (let row = 0; row < size; row++) {
      const source = Math.max(0, ((row + 0.5) * extent) / size - 0.5);
      const first = Math.min(Math.floor(source), extent - 1);
      const at = image * size + row;
      before[at] = image * height + start + first;
      after[at] = image * height + start + Math.min(first + 1, extent - 1);
      share[at] = source - first;
    }
  });
  const lines = images.reshape<Tensor2D>([batch * height, width * channels]);
  const upper = lines.gather<Tensor2D>(tensor1d(before, "int32"));
  const lower = lines.gather<Tensor2D>(tensor1d(after, "int32"));
  const blended = upper.add<Tensor2D>(lower.sub(upper).mul(tensor2d(share, [batch * size, 1])));
  return blended.reshape<Tensor4D>([batch, size, width, channels]);
}
