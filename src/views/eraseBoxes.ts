import { logicalAnd, range, type Tensor, type Tensor4D, tensor4d, tidy, where } from "../engine/tensor.js";
import type { Box } from "./box.js";

/**
 * Puts values into a box of each image.
 *
 * @param images [n, height, width, channels]
 * @param boxes one per image; a box without pixels changes nothing
 * @param values that broadcast to the images
 */
export function eraseBoxes(images: Tensor4D, boxes: readonly Box[], values: Tensor): Tensor4D {
  return tidy(() => {
    const [, height, width] = images.shape;
    const rows = within(
      range(0, height).reshape([1, height, 1, 1]),
      boxes.map(({ top, height: extent }) => [top, top + extent]),
    );
    const columns = within(
      range(0, width).reshape([1, 1, width, 1]),
      boxes.map(({ left, width: extent }) => [left, left + extent]),
    );
    return where(logicalAnd(rows, columns), values, images) as Tensor4D;
  });
}

/** Whether positions are within [start, end), for each image, [n, …]. */
function within(positions: Tensor, windows: readonly (readonly [start: number, end: number])[]): Tensor {
  const bound = (index: 0 | 1) =>
    tensor4d(
      windows.map((window) => window[index]),
      [windows.length, 1, 1, 1],
    );
  return logicalAnd(positions.greaterEqual(bound(0)), positions.less(bound(1)));
}
