import { requireInteger, requirePositive, requireThat } from "../check/index.js";
import { resizedCropKernel } from "../engine/fused/index.js";
import type { Tensor4D } from "../engine/tensor.js";
import type { Augmentation, ImageShape } from "./augmentation.js";
import { type Box, describeBox } from "./box.js";
import { drawBox } from "./drawBox.js";

/** Options of {@link randomResizedCrop}. */
export interface RandomResizedCropOptions {
  /** Height and width of the result, px, or its share of the image's; default: those of the image. */
  readonly size?: number | { readonly share: number };
  /** Least and largest share of the area, in (0, 1]; default [0.08, 1]. */
  readonly scale?: readonly [number, number];
  /** Least and largest width / height; default [3/4, 4/3]. */
  readonly ratio?: readonly [number, number];
  /**
   * Whether a box that is made smaller is averaged over all its pixels, as torchvision does it on images of Pillow, and
   * on tensors from 0.17 on; default true. `false`: as older torchvision does it on tensors. A box that is made larger
   * comes out the same.
   */
  readonly antialias?: boolean;
}

/**
 * Cuts out a random part of each image and resizes it bilinearly: torchvision's `RandomResizedCrop`. The area is uniform
 * in `scale`, the aspect ratio log-uniform in `ratio`; after ten draws that do not fit, the largest box in the middle
 * whose aspect ratio is allowed. Pixels are sampled at their centres, and beyond its edge a box repeats its outermost
 * pixels.
 *
 * @throws RangeError such as `randomResizedCrop: scale must be ascending in (0, 1], got [0.2, 2]`
 */
export function randomResizedCrop(options: RandomResizedCropOptions = {}): Augmentation<Box> {
  const { size, scale = [0.08, 1], ratio = [3 / 4, 4 / 3], antialias = true } = options;
  const caller = "randomResizedCrop";
  if (typeof size === "number") requireInteger(caller, "size", size, 1);
  else if (size) requirePositive(caller, "share of the size", size.share);
  const ascending = scale[0] > 0 && scale[0] <= scale[1] && scale[1] <= 1;
  requireThat(ascending, caller, `scale must be ascending in (0, 1], got [${scale.join(", ")}]`);
  for (const bound of ratio) requirePositive(caller, "ratio", bound);
  requireThat(ratio[0] <= ratio[1], caller, `ratio must be ascending, got [${ratio.join(", ")}]`);
  const sizeOf = ([height, width]: readonly [number, number, ...number[]]): readonly [number, number] => {
    if (typeof size === "number") return [size, size];
    const share = size?.share ?? 1;
    return [Math.max(1, Math.round(share * height)), Math.max(1, Math.round(share * width))];
  };
  return {
    name: caller,
    draw: (random, imageShape) => drawBox(random, imageShape, { scale, ratio }) ?? middleBox(imageShape, ratio),
    apply: (images: Tensor4D, boxes) => {
      const [, height, width] = images.shape;
      const edges = boxes.flatMap((box) => {
        const fits =
          Math.min(box.top, box.left, box.height - 1, box.width - 1) >= 0 &&
          box.top + box.height <= height &&
          box.left + box.width <= width;
        requireThat(fits, caller, `boxes must lie in the image of ${width}×${height} px, got ${describeBox(box)}`);
        return [box.top, box.left, box.height, box.width];
      });
      return resizedCropKernel(images, { boxes: Int32Array.from(edges), size: sizeOf([height, width]), antialias });
    },
    describe: (box) => `crop ${describeBox(box)}`,
    sizeOf,
    toSource({ top, left, height, width }, imageShape) {
      const [tall, wide] = sizeOf(imageShape);
      const [down, across] = [height / tall, width / wide];
      return [across, 0, across / 2 - 0.5 + left, 0, down, down / 2 - 0.5 + top, 0, 0, 1];
    },
  };
}

function middleBox([height, width]: ImageShape, ratio: readonly [number, number]): Box {
  const aspect = Math.min(ratio[1], Math.max(ratio[0], width / height));
  const box = {
    height: Math.max(1, Math.min(height, Math.round(width / aspect))),
    width: Math.max(1, Math.min(width, Math.round(height * aspect))),
  };
  return { top: Math.floor((height - box.height) / 2), left: Math.floor((width - box.width) / 2), ...box };
}
