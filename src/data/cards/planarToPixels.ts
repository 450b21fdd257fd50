/**
 * Interleaves color planes: [channels, height, width] becomes [height, width, channels].
 *
 * @param shape height, width, channels of the result
 * @param columns whether a plane goes down its columns, [channels, width, height], as MATLAB writes it; default: no
 */
export function planarToPixels(
  planes: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  target: Uint8Array,
  columns = false,
): void {
  const [downBy, rightBy] = columns ? [1, height] : [width, 1];
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = row * downBy + column * rightBy;
      for (let channel = 0; channel < channels; channel++) {
        target[at++] = planes[from + channel * height * width] as number;
      }
    }
  }
}
