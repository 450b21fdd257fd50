import type sharp from "sharp";
import { coverCrop } from "./coverCrop.js";
import type { Decoded } from "./decoded.js";
import { jpegDecoder } from "./jpegDecoder.js";
import { resizeBilinear } from "./resizeBilinear.js";
import { loadSharp, type SharpSettings } from "./sharpSettings.js";
import { Unreadable } from "./unreadable.js";

/** Height, width, channels. */
type Shape = readonly [number, number, number];

/** sharp sets up a pipeline for each image, which for 64×64 JPEGs takes ten times as long as the decoding. */
const jpeg = jpegDecoder();

/**
 * Decodes a JPEG, PNG or WebP image into `target`, scaled and cropped by {@link coverCrop} and {@link resizeBilinear}, with 3
 * channels (gray is repeated) or 1 (ITU-R 601-2 luma, as Pillow's mode L). As torchvision's data sets do, EXIF orientation
 * and color profiles are ignored, alpha is dropped, and four colors (CMYK) are turned into three by arithmetic.
 *
 * @param target height · width · channels values, 0 … 255
 * @param settings of sharp, which this leaves as they are
 * @throws Unreadable with the decoder's own words
 */
export async function decodeImage(
  bytes: Uint8Array,
  shape: Shape,
  target: Uint8Array,
  settings: SharpSettings,
): Promise<void> {
  const [height, width] = shape;
  const image = jpeg.decode(bytes, target) ?? (await decodeAny(bytes, await loadSharp(settings)).catch(refuse));
  if (image.pixels === target && image.width === width && image.height === height) return; // a copy took 4 µs of 25
  const crop = coverCrop(image.width, image.height, width, height);
  if (crop.scaledWidth === image.width && crop.scaledHeight === image.height) {
    write(image.pixels, image.width, crop, shape, target);
  } else {
    const scaled = resizeBilinear(image.pixels, image, crop, { width, height });
    write(scaled, width, { left: 0, top: 0 }, shape, target);
  }
}

function refuse(cause: Error): never {
  throw new Unreadable(cause.message, { cause });
}

async function decodeAny(bytes: Uint8Array, start: typeof sharp): Promise<Decoded> {
  // error: refuses what is cut or damaged, and bears with what Pillow and torchvision bear with, such as stray bytes
  const image = start(bytes, { failOn: "error", ignoreIcc: true });
  const isCmyk = bytes[0] === 0xff && (await image.metadata()).space === "cmyk"; // of the three formats, JPEG alone
  if (isCmyk) image.pipelineColourspace("cmyk").toColourspace("cmyk");
  else image.removeAlpha().toColourspace("srgb");
  const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  if (info.channels !== (isCmyk ? 4 : 3)) throw new Error(`has ${info.channels} channels, which are not known here`);
  return { width: info.width, height: info.height, pixels: isCmyk ? rgbOfCmyk(data) : data };
}

/** R = (255 − C) · (255 − K) / 255, and so on, rounded as Pillow rounds. */
function rgbOfCmyk(values: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: (values.length / 4) * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3) * 4;
    const white = 255 - (values[pixel + 3] as number);
    const product = (values[pixel + (at % 3)] as number) * white + 128;
    return Math.max(0, white - (((product >> 8) + product) >> 8));
  });
}

/** Crops [any height, `rowWidth`, 3] and brings it to the channels asked for. */
function write(
  pixels: Uint8Array,
  rowWidth: number,
  { left, top }: { readonly left: number; readonly top: number },
  [height, width, channels]: Shape,
  target: Uint8Array,
): void {
  if (channels === 3 && rowWidth === width) {
    target.set(pixels.subarray(top * width * 3, (top + height) * width * 3));
    return;
  }
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * rowWidth + left) * 3;
    if (channels === 3) target.set(pixels.subarray(from, from + width * 3), row * width * 3);
    else writeLuma(pixels, from, target.subarray(row * width, (row + 1) * width));
  }
}

function writeLuma(pixels: Uint8Array, from: number, target: Uint8Array): void {
  for (let column = 0, at = from; column < target.length; column++, at += 3) {
    const [red, green, blue] = [pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number];
    target[column] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16; // Pillow's integers
  }
}
