import { eachPixel, type Layer } from "./layer.js";
import type { Pattern } from "./patterns.js";

/** An image while it is drawn: [size, size, 3], 0 … 255, not rounded. */
export interface Canvas {
  readonly size: number;
  readonly values: Float64Array;
}

/** Two colors and how much of the second a point shows. */
export interface Paint {
  /** Red, green, blue of one and of the other, 0 … 255. */
  readonly colors: readonly number[];
  readonly pattern: Pattern;
}

/** A canvas covered with paint. */
export function paintedCanvas(size: number, { colors, pattern }: Paint): Canvas {
  const values = new Float64Array(size * size * 3);
  for (let y = 0, offset = 0; y < size; y++) {
    for (let x = 0; x < size; x++, offset += 3) {
      const share = pattern(x + 0.5, y + 0.5);
      for (let channel = 0; channel < 3; channel++) values[offset + channel] = mix(colors, channel, share);
    }
  }
  return { size, values };
}

/** Paints an object on an empty layer where it covers it. @param coverage of a pixel by its middle, [0, 1] */
export function paintObject(layer: Layer, { colors, pattern }: Paint, coverage: Pattern): void {
  eachPixel(layer.size, (x, y, offset) => {
    const cover = coverage(x + 0.5, y + 0.5);
    if (cover === 0) return;
    const share = pattern(x + 0.5, y + 0.5);
    for (let channel = 0; channel < 3; channel++) layer.values[offset + channel] = mix(colors, channel, share) * cover;
    layer.values[offset + 3] = cover;
  });
}

/** Puts a layer on top of a canvas. */
export function compose({ values, size }: Canvas, layer: Layer): void {
  eachPixel(size, (x, y, offset) => {
    const alpha = layer.values[offset + 3] as number;
    if (alpha === 0) return;
    const at = (y * size + x) * 3;
    for (let channel = 0; channel < 3; channel++) {
      values[at + channel] =
        (layer.values[offset + channel] as number) + (values[at + channel] as number) * (1 - alpha);
    }
  });
}

/** Rounds a canvas to bytes. */
export function toBytes({ values }: Canvas, image: Uint8Array): void {
  for (let at = 0; at < values.length; at++) image[at] = Math.round(values[at] as number);
}

function mix(colors: readonly number[], channel: number, share: number): number {
  return (colors[channel] as number) * (1 - share) + (colors[channel + 3] as number) * share;
}
