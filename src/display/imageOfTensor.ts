import type { MimeBundle } from "./bundle.js";
import { gridPng } from "./pixelPng.js";
import type { TensorLike } from "./tensor.js";

/** How a tensor is drawn. */
export interface TensorDrawing {
  /** Values of floats that are drawn black and white; default [0, 1]. */
  range?: readonly [least: number, greatest: number];
  /** Images in a row, where there are several; default: about as many as rows. */
  columns?: number;
}

/** Images beyond these are not drawn. */
const mostImages = 256;

/**
 * Draws a tensor of pixels.
 *
 * @throws RangeError `image: a tensor must have the shape [height, width], … got [2, 2, 5]`
 */
export async function drawTensor(tensor: TensorLike, options: TensorDrawing): Promise<MimeBundle> {
  const { range: [least, greatest] = [0, 1] } = options;
  const [count, height, width, channels] = imageShape(tensor.shape);
  if (!(greatest > least)) throw new RangeError(`image: range must grow, got [${least}, ${greatest}]`);
  const drawn = Math.min(count, mostImages);
  const wanted = options.columns ?? Math.ceil(Math.sqrt(drawn));
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new RangeError(`image: columns must be an integer >= 1, got ${wanted}`);
  }
  const columns = Math.min(drawn, wanted);
  const values = await tensor.data();
  const [from, scale] = tensor.dtype === "float32" ? [least, 1 / (greatest - least)] : [0, 1 / 255];
  const pixels = Float32Array.from(
    { length: drawn * height * width * channels },
    (_, index) => ((values[index] as number) - from) * scale,
  );
  const png = await gridPng(pixels, { count: drawn, height, width, channels, columns });
  const what = count === 1 ? "image" : `${drawn} of ${count} images`;
  return { "image/png": png.toString("base64"), "text/plain": `<${what}, ${height} × ${width} × ${channels}>` };
}

function imageShape(shape: readonly number[]): [count: number, height: number, width: number, channels: number] {
  const [height = 0, width = 0] = shape;
  const full = shape.length === 2 ? [1, height, width, 1] : shape.length === 3 ? [1, ...shape] : shape;
  const [, , , channels = 0] = full;
  if (full.length === 4 && [1, 3, 4].includes(channels) && !full.includes(0))
    return full as [number, number, number, number];
  throw new RangeError(
    `image: a tensor must have the shape [height, width], [height, width, channels] or [images, height, width, channels] ` +
      `with 1, 3 or 4 channels, got [${shape.join(", ")}]`,
  );
}
