import { diverging, sequential } from "../palettes.js";

/** How the values of one panel become colours. */
export interface ColourScale {
  readonly colorscale: unknown;
  readonly low: number;
  readonly high: number;
  /** What is drawn for a value. */
  map(value: number): number;
  readonly ticks: { readonly at: readonly number[]; readonly text: readonly string[] };
}

/** Evenly from the least to the largest value. */
export function linearScale(values: readonly number[]): ColourScale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = niceStep((high - low) / 8);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const at = Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  return { colorscale: sequential, low, high, map: (value) => value, ticks: { at, text: at.map(signed) } };
}

/**
 * Logarithmic for probabilities, up to 1. Smaller ones than a tenth of an even share, zero among them, get the
 * lowest colour.
 */
export function probabilityScale(candidates: number): ColourScale {
  const low = Math.floor(Math.log10(0.1 / Math.max(1, candidates)));
  const at = Array.from({ length: -low + 1 }, (_, index) => low + index).filter(
    (power) => power % (low < -4 ? 2 : 1) === 0 || power === low,
  );
  return {
    colorscale: sequential,
    low,
    high: 0,
    map: (value) => Math.max(low, Math.log10(value)),
    ticks: {
      at,
      text: at.map((power) =>
        power === low ? `≤ 10<sup>${signed(power)}</sup>` : power === 0 ? "1" : `10<sup>${signed(power)}</sup>`,
      ),
    },
  };
}

/**
 * Blue below 0, white at 0, red above. A few forces, those on positives, are many times larger than the others: the
 * colours end at the force that 98 in 100 negatives stay below, and the outer ticks say so.
 *
 * @param negatives forces on negatives, which the scale is made for
 * @param all all forces
 */
export function forceScale(negatives: readonly number[], all: readonly number[]): ColourScale {
  const sizes = negatives.map(Math.abs).sort((a, b) => a - b);
  const largest = Math.max(...all.map(Math.abs));
  const quantile = sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * 0.98))] || largest || 1;
  const end = Number(quantile.toPrecision(2));
  const clipped = { low: all.some((value) => value < -end), high: all.some((value) => value > end) };
  const at = [-end, -end / 2, 0, end / 2, end];
  const text = at.map((value) => signed(Number(value.toPrecision(2))));
  if (clipped.low) text[0] = `≤ ${text[0]}`;
  if (clipped.high) text[4] = `≥ ${text[4]}`;
  return { colorscale: diverging, low: -end, high: end, map: (value) => value, ticks: { at, text } };
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

/** With a true minus sign, which is as wide as a plus. */
const signed = (value: number) => String(value).replace("-", "−");
