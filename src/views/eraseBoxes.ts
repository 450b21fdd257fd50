import { range, type Tensor, type Tensor4D, tensor4d, tidy } from "../engine/tensor.js";
import type { Box } from "./box.js";

/**
 * Puts values into a box of each image. By a mask of 0 and 1: `where` takes ten times as long on wasm.
 *
 * @param images [n, height, width, channels], finite
 * @param boxes one per image; a box without pixels changes nothing
 * @param values finite, that broadcast to the images
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
    const mask = rows.mul(columns); // [n, height, width, 1]
    return images.mul(mask.neg().add(1)).add<Tensor4D>(mask.mul(values));
  });
}

/** 1 where positions are within [start, end), else 0, for each image, [n, …]. */
function within(positions: Tensor, windows: readonly (readonly [start: number, end: number])[]): Tensor {
  const bound = (index: 0 | 1) =>
    tensor4d(
      windows.map((window) => window[index]),
      [windows.length, 1, 1, 1],
    );
  return positions
    .greaterEqual(bound(0))
    .logicalAnd(positions.less(bound(1)))
    .toFloat();
}
