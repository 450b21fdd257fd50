/** Where each output row (or column) of a crop comes from: a share of the one at `after`, the rest of the one at `before`. */
export interface CropSamples {
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly share: Float32Array;
}

/** Places for so many output rows (or columns). */
export function cropSamples(size: number): CropSamples {
  return { before: new Int32Array(size), after: new Int32Array(size), share: new Float32Array(size) };
}

/**
 * Samples one axis of a window at pixel centres; beyond its edge the window repeats its outermost pixels.
 *
 * @param samples filled in
 * @param start first pixel of the window
 * @param extent pixels of the window
 * @param offset added to each place, px
 * @param stride what each place is multiplied by
 */
export function placeSamples(
  { before, after, share }: CropSamples,
  start: number,
  extent: number,
  offset: number,
  stride: number,
): void {
  for (let i = 0; i < share.length; i++) {
    const at = Math.max(0, ((i + 0.5) * extent) / share.length - 0.5);
    const first = Math.min(Math.floor(at), extent - 1);
    before[i] = (offset + start + first) * stride;
    after[i] = (offset + start + Math.min(first + 1, extent - 1)) * stride;
    share[i] = at - first;
  }
}
