/** A window of an image, px; `top` and `left` count from the upper left pixel. */
export type Box = { readonly top: number; readonly left: number; readonly height: number; readonly width: number };

/** Such as `18×20 at (4, 7)`: width × height, at (left, top). */
export function describeBox({ top, left, height, width }: Box): string {
  return `${width}×${height} at (${left}, ${top})`;
}
