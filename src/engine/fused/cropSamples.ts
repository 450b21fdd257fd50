/**
 * Where each output row (or column) of a crop comes from: the sum over taps of so many input rows, each times a weight.
 * The value of tap t for output row i is at t · size + i.
 */
export interface CropSamples {
  /** Output rows (or columns). */
  readonly size: number;
  readonly taps: number;
  readonly places: Int32Array;
  readonly weights: Float32Array;
}

/** Room for the samples of so many output rows (or columns). */
export function cropSamples(size: number, taps: number): CropSamples {
  return { size, taps, places: new Int32Array(taps * size), weights: new Float32Array(taps * size) };
}

/**
 * Input rows that one output row is made of, at most.
 *
 * @param extent rows of the window
 * @param size output rows
 */
export function tapCount(extent: number, size: number, antialias: boolean): number {
  return antialias && size > 0 && extent > size ? Math.floor((2 * extent) / size) + 1 : 2;
}

/** A window along one axis, and how its rows lie in memory. */
interface Window {
  /** First row, px. */
  readonly start: number;
  /** Rows, px. */
  readonly extent: number;
  readonly antialias: boolean;
  /** Added to each place, px. */
  readonly offset: number;
  /** What each place is multiplied by. */
  readonly stride: number;
}

/**
 * Samples a window at pixel centres, bilinearly; beyond its edge the window repeats its outermost rows. With `antialias`
 * a window that is made smaller is averaged over all its rows, with weights that fall linearly to 0, as Pillow does it.
 *
 * @param samples filled from output row `first` on; taps that are not needed get weight 0
 * @param rows output rows of this window
 */
export function placeSamples(samples: CropSamples, first: number, rows: number, window: Window): void {
  const { size, taps, places, weights } = samples;
  const { extent, antialias } = window;
  const scale = extent / rows;
  const reach = antialias ? Math.max(1, scale) : 1;
  const base = window.offset + window.start;
  for (let row = 0; row < rows; row++) {
    const middle = (row + 0.5) * scale - 0.5;
    const from = Math.max(0, Math.ceil(middle - reach));
    const to = Math.min(extent - 1, Math.floor(middle + reach));
    let sum = 0;
    for (let at = from; at <= to; at++) sum += Math.max(0, reach - Math.abs(at - middle));
    for (let tap = 0; tap < taps; tap++) {
      const at = from + tap;
      const weight = at <= to ? Math.max(0, reach - Math.abs(at - middle)) / sum : 0;
      places[tap * size + first + row] = (base + (weight > 0 ? at : from)) * window.stride;
      weights[tap * size + first + row] = weight;
    }
  }
}
