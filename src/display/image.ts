import { readFile, realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { isInside } from "../check/index.js";
import { beginningOf } from "./beginningOf.js";
import { type Displayable, displaySymbol, type MimeBundle, metadataSymbol } from "./bundle.js";
import { currentCell } from "./cell.js";
import { imageBundle } from "./imageBytes.js";
import { drawTensor, type TensorDrawing } from "./imageOfTensor.js";
import { isTensor, type TensorLike } from "./tensor.js";

/** Larger files are not put into a notebook, bytes. */
const largest = 32 * 2 ** 20;

/** Options of {@link image}. */
export interface ImageOptions extends TensorDrawing {
  /** Width on the page, CSS pixels; default: that of the image. */
  width?: number;
  /** Height on the page, CSS pixels; default: by the width. */
  height?: number;
  /** What the image shows, for those who do not see it. */
  alt?: string;
  /** Whether a path may lead out of the notebook's folder; default false. */
  anywhere?: boolean;
}

/**
 * Shows an image: a file, the bytes of one (PNG, JPEG, GIF, WebP, SVG), or a tensor of pixels.
 *
 * @param source path or `file:` address; bytes; or a tensor [height, width], [height, width, channels] or
 *   [images, height, width, channels] with 1, 3 or 4 channels: integers in [0, 255], or floats in `range`
 * @throws RangeError `image: ../a.png leads out of the notebook's folder …; allow it with { anywhere: true }`
 * @throws TypeError `image: must be a PNG, JPEG, GIF, WebP or SVG image, got …`
 */
export async function image(
  source: string | URL | Uint8Array | TensorLike,
  options: ImageOptions = {},
): Promise<Displayable> {
  const { width, height, alt } = options;
  const bundle = await bundleOf(source, options);
  const [type = ""] = Object.keys(bundle);
  const size = { ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
  const data = alt === undefined ? bundle : { ...bundle, "text/plain": alt };
  return {
    [displaySymbol]: () => data,
    [metadataSymbol]: () => (Object.keys(size).length > 0 || alt !== undefined ? { [type]: { ...size, alt } } : {}),
  };
}

async function bundleOf(source: string | URL | Uint8Array | TensorLike, options: ImageOptions): Promise<MimeBundle> {
  if (typeof source === "object" && isTensor(source)) return drawTensor(source, options);
  const isPath = typeof source === "string" || source instanceof URL;
  const bytes = isPath ? await readInside(source, options.anywhere ?? false) : source;
  const bundle = bytes instanceof Uint8Array ? imageBundle(bytes) : undefined;
  if (bundle) return bundle;
  const got = isPath ? String(source) : inspect(source, { depth: 0, maxArrayLength: 8 });
  throw new TypeError(`image: must be a PNG, JPEG, GIF, WebP or SVG image, got ${got}`);
}

async function readInside(source: string | URL, anywhere: boolean): Promise<Uint8Array> {
  if (/^(https?|data|blob):/.test(String(source))) {
    throw new TypeError(`image: must be a file, got ${beginningOf(String(source), 80)}; fetch it and give its bytes`);
  }
  const folder = await realpath(currentCell()?.folder ?? process.cwd());
  const isAddress = source instanceof URL || source.startsWith("file:");
  const path = resolve(folder, isAddress ? fileURLToPath(source) : source);
  const real = await realpath(path).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`image: cannot read ${path} (${cause.code})`, { cause });
  });
  if (!anywhere && !isInside(folder, real)) {
    throw new RangeError(
      `image: ${String(source)} leads out of the notebook's folder ${folder}; allow it with { anywhere: true }`,
    );
  }
  const { size } = await stat(real);
  if (size > largest) throw new RangeError(`image: ${String(source)} must have at most 32 MiB, got ${size} bytes`);
  return readFile(real);
}
