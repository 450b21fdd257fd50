import { requireThat } from "../check/index.js";
import type { ApplyOptions, Encoder } from "../encoders/index.js";
import { concat, gather, split, type Tensor2D, type Tensor4D, tensor1d, tidy } from "../engine/tensor.js";

/** How {@link embedInParts} divides a batch. */
export interface Parts {
  /** Into how many parts of (nearly) equal size. */
  readonly count: number;
  /** Which images share a part: they are dealt in this order; default: the order of the batch. */
  readonly order?: Int32Array;
}

/**
 * Unit-length embeddings with batch statistics of each part on its own, in the order of the images, [n, dimensions].
 * One device then normalizes like several, which keeps query and key of one item from recognizing each other by the
 * statistics of their batch (He et al. 2020, arXiv:1911.05722, Sec. 3.3, "Shuffling BN").
 */
export function embedInParts(encoder: Encoder, images: Tensor4D, parts: Parts, options: ApplyOptions): Tensor2D {
  const { count, order } = parts;
  if (count === 1) return encoder.embed(images, options);
  const [n] = images.shape;
  requireThat(n >= 2 * count, "embedInParts", `a batch must have >= ${2 * count} images for ${count} parts, got ${n}`);
  return tidy(() => {
    const sizes = Array.from(
      { length: count },
      (_, part) => Math.floor(((part + 1) * n) / count) - Math.floor((part * n) / count),
    );
    const dealt: Tensor4D = order ? gather(images, tensor1d(order, "int32")) : images;
    const embeddings = concat(
      (split(dealt, sizes, 0) as Tensor4D[]).map((part) => encoder.embed(part, options)),
      0,
    );
    return order ? gather(embeddings, tensor1d(inverse(order), "int32")) : embeddings;
  });
}

function inverse(order: Int32Array): Int32Array {
  const positions = new Int32Array(order.length);
  order.forEach((image, position) => {
    positions[image] = position;
  });
  return positions;
}
