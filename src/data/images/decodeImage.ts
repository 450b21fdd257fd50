import sharp from "sharp";
import { coverCrop } from "./coverCrop.js";
import { JpegTurbo } from "./jpegTurbo.js";

/** Height, width, channels. */
type Shape = readonly [number, number, number];

// Each image is seen once per epoch, by one of several threads: a cache or more threads per image would only take memory.
sharp.cache(false);
sharp.concurrency(1);

const jpegTurbo = new JpegTurbo();

/**
 * Decodes a JPEG, PNG or WebP image into `target`: scaled and cropped by {@link coverCrop} (bilinear with antialiasing, as
 * torchvision's default), with 3 channels (gray is repeated) or 1 (ITU-R 601-2 luma, as Pillow's mode L). As torchvision
 * does, EXIF orientation and color profiles are ignored, and alpha is dropped; four colors are turned into three by their
 * profile, which Pillow does without.
 *
 * @param target height · width · channels values, 0 … 255
 * @throws Error with the decoder's own words
 */
export async function decodeImage(bytes: Uint8Array, shape: Shape, target: Uint8Array): Promise<void> {
  const [height, width] = shape;
  const small = jpegTurbo.decode(bytes);
  if (small) {
    const crop = coverCrop(small.width, small.height, width, height);
    if (crop.scaledWidth === small.width && crop.scaledHeight === small.height) {
      return write(small.pixels, small.width, crop, shape, target);
    }
  }
  // error: refuses what is cut or damaged, and bears with what Pillow and torchvision bear with, such as stray bytes
  const image = sharp(bytes, { failOn: "error", ignoreIcc: true });
  const found = await image.metadata();
  const crop = coverCrop(found.width, found.height, width, height);
  if (crop.scaledWidth !== found.width || crop.scaledHeight !== found.height) {
    image.resize(crop.scaledWidth, crop.scaledHeight, { fit: "fill", kernel: "linear", fastShrinkOnLoad: false });
  }
  const pixels = await image.removeAlpha().toColourspace("srgb").raw({ depth: "uchar" }).toBuffer();
  write(pixels, crop.scaledWidth, crop, shape, target);
}

/** Crops [any height, `rowWidth`, 3] and brings it to the channels asked for. */
function write(
  pixels: Uint8Array,
  rowWidth: number,
  { left, top }: { left: number; top: number },
  [height, width, channels]: Shape,
  target: Uint8Array,
): void {
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
