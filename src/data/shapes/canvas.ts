import type { Layer } from "./layer.js";
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
  for (let y = 0.5, offset = 0; y < size; y++) {
    for (let x = 0.5; x < size; x++, offset += 3) {
      const share = pattern(x, y);
      for (let channel = 0; channel < 3; channel++) values[offset + channel] = mix(colors, channel, share);
    }
  }
  return { size, values };
}

/** Paints an object on an empty layer where it covers it. @param coverage of a pixel by its middle, [0, 1] */
export function paintObject({ size, values }: Layer, { colors, pattern }: Paint, coverage: Pattern): void {
  for (let y = 0.5, offset = 0; y < size; y++) {
    for (let x = 0.5; x < size; x++, offset += 4) {
      const cover = coverage(x, y);
      if (cover === 0) continue;
      const share = pattern(x, y);
      for (let channel = 0; channel < 3; channel++) values[offset + channel] = mix(colors, channel, share) * cover;
      values[offset + 3] = cover;
    }
  }
}

/** Puts a layer on top of a canvas. */
export function compose({ values }: Canvas, layer: Layer): void {
  for (let at = 0, offset = 0; at < values.length; at += 3, offset += 4) {
    const alpha = layer.values[offset + 3] as number;
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const below = (values[at + channel] as number) * (1 - alpha);
      values[at + channel] = (layer.values[offset + channel] as number) + below;
    }
  }
}

/** Pixels from left and top up to, not including, right and bottom. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Paints an object on top of a canvas, within a box that holds all of it. */
export function paintOver(
  { values, size }: Canvas,
  { colors, pattern }: Paint,
  { box, coverage }: { box: Box; coverage: Pattern },
): void {
  for (let row = box.top; row < box.bottom; row++) {
    for (let column = box.left; column < box.right; column++) {
      const [x, y] = [column + 0.5, row + 0.5];
      const cover = coverage(x, y);
      if (cover === 0) continue;
      const share = pattern(x, y);
      for (let channel = 0, at = (row * size + column) * 3; channel < 3; channel++, at++) {
        values[at] = mix(colors, channel, share) * cover + (values[at] as number) * (1 - cover);
      }
    }
  }
}

/** Rounds a canvas to bytes. */
export function toBytes({ values }: Canvas, image: Uint8Array): void {
  for (let at = 0; at < values.length; at++) image[at] = (values[at] as number) + 0.5; // bytes drop the fraction
}

function mix(colors: readonly number[], channel: number, share: number): number {
  return (colors[channel] as number) * (1 - share) + (colors[channel + 3] as number) * share;
}
