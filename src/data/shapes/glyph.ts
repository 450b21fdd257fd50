import { seededRandom } from "../../check/index.js";
import type { Canvas } from "./canvas.js";
import { eachPixel } from "./layer.js";
import type { ShapeWorld } from "./world.js";

/** A digit over an image; place and height in image widths. */
interface Glyph {
  /** 0 … 9, or −1: none. */
  readonly digit: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

const stream = 6;

/** The digit of an item. */
export function glyphOf({ seed, glyphs }: ShapeWorld, id: number): Glyph {
  const random = seededRandom(seed, id, stream);
  const digit = random.chance(glyphs) ? random.integer(10) : -1;
  return { digit, x: random.uniform(0.25, 0.75), y: random.uniform(0.3, 0.7), height: random.uniform(0.35, 0.5) };
}

/** Which segments of a seven-segment display each digit lights: top, upper left, upper right, middle, lower left, … */
const segmentsOf = [
  "1110111",
  "0010010",
  "1011101",
  "1011011",
  "0111010",
  "1101011",
  "1101111",
  "1010010",
  "1111111",
  "1111011",
];

/** Middle and half extent of each segment, in half heights, y downwards. */
const segments: readonly (readonly [number, number, number, number])[] = [
  [0, -0.86, 0.5, 0.14],
  [-0.36, -0.43, 0.14, 0.5],
  [0.36, -0.43, 0.14, 0.5],
  [0, 0, 0.5, 0.14],
  [-0.36, 0.43, 0.14, 0.5],
  [0.36, 0.43, 0.14, 0.5],
  [0, 0.86, 0.5, 0.14],
];

/** Writes a digit on a canvas: white with a black rim, so that it can be read on any ground. */
export function drawGlyph({ values, size }: Canvas, { digit, x, y, height }: Glyph): void {
  if (digit < 0) return;
  const unit = (height * size) / 2;
  const lit = segments.filter((_, at) => segmentsOf[digit]?.[at] === "1");
  eachPixel(size, (column, row) => {
    const [right, down] = [(column + 0.5 - x * size) / unit, (row + 0.5 - y * size) / unit];
    const distance =
      unit *
      Math.min(
        ...lit.map(([middleX, middleY, halfWidth, halfHeight]) =>
          Math.max(Math.abs(right - middleX) - halfWidth, Math.abs(down - middleY) - halfHeight),
        ),
      );
    const cover = (rim: number) => Math.min(1, Math.max(0, 0.5 + rim - distance));
    const [ink, all] = [cover(0), cover(1)];
    for (let channel = 0; channel < 3; channel++) {
      const at = (row * size + column) * 3 + channel;
      values[at] = (values[at] as number) * (1 - all) + 255 * ink;
    }
  });
}
