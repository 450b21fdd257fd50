/** Pixels of one or several images of one size, row by row, in [0, 1]; 1 channel is grey, 3 are colours, 4 with alpha. */
export interface PixelGrid {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Images in a row. */
  readonly columns: number;
}

/** Pixels between two images of a grid. */
const gap = 2;

/** Images of at least this height and width on the page, px: smaller ones are enlarged by a whole number. */
const least = 256;

/**
 * A small image as a PNG data URI, enlarged so that its pixels stay sharp squares wherever it is drawn.
 *
 * @param values [height, width, channels] row by row in [0, 1]; 1 channel is grey, 3 are red, green, blue
 */
export async function pixelPng(
  values: Float32Array,
  [height, width, channels]: readonly [number, number, number],
): Promise<string> {
  const png = await gridPng(values, { count: 1, height, width, channels, columns: 1 });
  return `data:image/png;base64,${png.toString("base64")}`;
}

/** Images beside and below each other as the bytes of a PNG, enlarged like {@link pixelPng}. */
export async function gridPng(values: Float32Array, grid: PixelGrid): Promise<Buffer> {
  const { count, height, width, channels, columns } = grid;
  const { createCanvas } = await import("@napi-rs/canvas");
  const rows = Math.ceil(count / columns);
  const [gridHeight, gridWidth] = [rows * (height + gap) - gap, columns * (width + gap) - gap];
  const factor = Math.max(1, Math.floor(least / Math.max(gridHeight, gridWidth)));
  const canvas = createCanvas(gridWidth * factor, gridHeight * factor);
  const context = canvas.getContext("2d");
  for (let index = 0; index < count; index++) {
    const image = context.createImageData(width * factor, height * factor);
    const start = index * height * width * channels;
    for (let y = 0, to = 0; y < height * factor; y++) {
      for (let x = 0; x < width * factor; x++, to += 4) {
        const from = start + (Math.floor(y / factor) * width + Math.floor(x / factor)) * channels;
        for (let channel = 0; channel < 3; channel++) {
          image.data[to + channel] = byte(values[from + (channels >= 3 ? channel : 0)] as number);
        }
        image.data[to + 3] = channels === 4 ? byte(values[from + 3] as number) : 255;
      }
    }
    const [row, column] = [Math.floor(index / columns), index % columns];
    context.putImageData(image, column * (width + gap) * factor, row * (height + gap) * factor);
  }
  return canvas.toBuffer("image/png");
}

function byte(value: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}
