import type { CoverCrop } from "./coverCrop.js";

/** Fractional bits of a weight: 8 bits of value and 2 of headroom are left of 32. */
const precision = 22;
const half = 1 << (precision - 1);

/** What makes up each value along one axis: `weights` of `count` neighbours from `first` on. */
interface Filter {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Row after row of `support` weights, in units of 2^−22; they sum to 2^22. */
  readonly weights: Int32Array;
  readonly support: number;
}

/**
 * Scales an image of three channels and crops it: bilinear, with the filter as wide as the reduction (antialiasing),
 * columns before rows, each pass rounded to 8 bits. These are the steps and the integers of Pillow's `resize`, which
 * torchvision's `Resize` calls, so that the result is theirs to the last bit; only what the crop keeps is computed.
 *
 * @param pixels [height, width, 3]
 * @param size of the crop: height, width
 * @returns [size.height, size.width, 3]
 */
export function resizeBilinear(
  pixels: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  crop: CoverCrop,
  size: { readonly width: number; readonly height: number },
): Uint8Array {
  const across = filterOf(width, crop.scaledWidth, crop.left, size.width);
  const down = filterOf(height, crop.scaledHeight, crop.top, size.height);
  const firstRow = down.first[0] as number;
  const rows = (down.first.at(-1) as number) + (down.count.at(-1) as number) - firstRow;
  const narrow = new Uint8Array(rows * size.width * 3);
  for (let row = 0; row < rows; row++) {
    filterRow(pixels, (firstRow + row) * width * 3, across, narrow, row * size.width * 3);
  }
  const result = new Uint8Array(size.height * size.width * 3);
  const sums = new Int32Array(size.width * 3);
  for (let row = 0; row < size.height; row++) filterColumns(narrow, firstRow, down, row, sums, result);
  return result;
}

function filterRow(from: Uint8Array, start: number, filter: Filter, to: Uint8Array, target: number): void {
  const { first, count, weights, support } = filter;
  for (let column = 0, out = target; column < first.length; column++, out += 3) {
    let [red, green, blue] = [half, half, half];
    let at = start + (first[column] as number) * 3;
    const end = column * support + (count[column] as number);
    for (let tap = column * support; tap < end; tap++, at += 3) {
      const weight = weights[tap] as number;
      red += (from[at] as number) * weight;
      green += (from[at + 1] as number) * weight;
      blue += (from[at + 2] as number) * weight;
    }
    to[out] = red >> precision;
    to[out + 1] = green >> precision;
    to[out + 2] = blue >> precision;
  }
}

/** One row of the result; `sums` is room for a row. */
function filterColumns(
  from: Uint8Array,
  firstRow: number,
  { first, count, weights, support }: Filter,
  row: number,
  sums: Int32Array,
  to: Uint8Array,
): void {
  const width = sums.length;
  sums.fill(half);
  for (let tap = 0; tap < (count[row] as number); tap++) {
    const start = ((first[row] as number) - firstRow + tap) * width;
    const weight = weights[row * support + tap] as number;
    for (let value = 0; value < width; value++) {
      sums[value] = (sums[value] as number) + (from[start + value] as number) * weight;
    }
  }
  for (let value = 0; value < width; value++) to[row * width + value] = (sums[value] as number) >> precision;
}

/** The filter of `length` values from `start` on, of an axis of `from` values that becomes one of `to`. */
function filterOf(from: number, to: number, start: number, length: number): Filter {
  const scale = from / to;
  const radius = Math.max(scale, 1);
  const support = Math.ceil(radius) * 2 + 1;
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Int32Array(length * support);
  const exact = new Float64Array(support);
  for (let index = 0; index < length; index++) {
    const center = (start + index + 0.5) * scale;
    const low = Math.max(Math.trunc(center - radius + 0.5), 0);
    const taps = Math.min(Math.trunc(center + radius + 0.5), from) - low;
    let total = 0;
    for (let tap = 0; tap < taps; tap++) {
      exact[tap] = Math.max(0, 1 - Math.abs((tap + low - center + 0.5) / radius));
      total += exact[tap] as number;
    }
    for (let tap = 0; tap < taps; tap++) {
      weights[index * support + tap] = Math.trunc(0.5 + ((exact[tap] as number) / total) * 2 ** precision);
    }
    first[index] = low;
    count[index] = taps;
  }
  return { first, count, weights, support };
}
