import { slice, type Tensor4D } from "../tensor.js";

/** Zeros before and after each axis of [n, height, width, channels], as `pad` and `conv2d` take them. */
export type Zeros = [[0, 0], [number, number], [number, number], [0, 0]];

/**
 * Takes the pixels outside an image apart into those to cut off, done here, and the zeros to add, which a convolution
 * sees without a padded copy.
 *
 * @param rows pixels to add [above, below]; a negative number cuts as many off
 * @param columns the same, [left, right]
 */
export function surround(x: Tensor4D, rows: [number, number], columns: [number, number]): [Tensor4D, Zeros] {
  const zeros: Zeros = [
    [0, 0],
    rows.map(positive) as [number, number],
    columns.map(positive) as [number, number],
    [0, 0],
  ];
  const [top = 0, bottom = 0, left = 0, right = 0] = [...rows, ...columns].map((extent) => positive(-extent));
  if (top + bottom + left + right === 0) return [x, zeros];
  const [n, height, width, channels] = x.shape;
  const size = [n, height - top - bottom, width - left - right, channels] as const;
  return [slice(x, [0, top, left, 0], [...size]), zeros];
}

function positive(extent: number): number {
  return Math.max(0, extent);
}
