/**
 * A small image as a PNG data URI, enlarged so that its pixels stay sharp squares wherever it is drawn.
 *
 * @param values [height, width, channels] row by row in [0, 1]; 1 channel is grey, 3 are red, green, blue
 */
export async function pixelPng(
  values: Float32Array,
  [height, width, channels]: readonly [number, number, number],
): Promise<string> {
  const { createCanvas } = await import("@napi-rs/canvas");
  const factor = Math.max(1, Math.floor(256 / Math.max(height, width)));
  const canvas = createCanvas(width * factor, height * factor);
  const context = canvas.getContext("2d");
  const image = context.createImageData(width * factor, height * factor);
  for (let y = 0, to = 0; y < height * factor; y++) {
    for (let x = 0; x < width * factor; x++, to += 4) {
      const from = (Math.floor(y / factor) * width + Math.floor(x / factor)) * channels;
      for (let channel = 0; channel < 3; channel++) {
        const value = values[from + (channels === 3 ? channel : 0)] as number;
        image.data[to + channel] = Math.round(255 * Math.min(1, Math.max(0, value)));
      }
      image.data[to + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL("image/png");
}
