import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { jpegDecoder } from "../../src/data/images/jpegDecoder.js";
import { JpegTurbo } from "../../src/data/images/jpegTurbo.js";
import { realJpegs } from "./shards.js";
import { useTemporaryFolders } from "./temporary.js";

const kept = useTemporaryFolders("all");
let jpegs: Buffer[];
beforeAll(async () => {
  jpegs = (await realJpegs(await kept(), 10)).map(({ bytes }) => bytes);
});

const native = jpegDecoder();
const isNative = !(native instanceof JpegTurbo);

describe.each([
  ["in WebAssembly", new JpegTurbo(), true],
  [`native${isNative ? "" : " (native/build/jpeg.node is not built)"}`, native, isNative],
] as const)("the decoder %s", (_, decoder, isThere) => {
  test.skipIf(!isThere)("has the pixels of sharp's", async () => {
    const large = sharp({
      create: {
        width: 500,
        height: 375,
        channels: 3,
        background: "#808080",
        noise: { type: "gaussian", mean: 128, sigma: 40 },
      },
    });
    const own = [await large.jpeg({ quality: 70 }).toBuffer(), await large.grayscale().jpeg().toBuffer()];
    for (const jpeg of [...jpegs, ...own, ...jpegs]) {
      const expected = await sharp(jpeg).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
      const made = decoder.decode(jpeg);
      expect([made?.width, made?.height]).toEqual([expected.info.width, expected.info.height]);
      expect(Buffer.compare(made?.pixels ?? Buffer.alloc(0), expected.data)).toBe(0);
    }
  });

  test.skipIf(!isThere)("leaves damaged and unknown files to others, and goes on after them", async () => {
    const [first] = jpegs as [Buffer];
    const fourColors = await sharp(first).toColourspace("cmyk").jpeg().toBuffer();
    const cut = [2, 20, 300, first.length - 30].map((length) => first.subarray(0, length));
    const noisy = Buffer.from(first);
    noisy.fill(0xff, 180, 700);
    for (const bytes of [fourColors, ...cut, Buffer.from("GIF89a"), Buffer.alloc(0), noisy]) {
      expect(decoder.decode(bytes)).toBeUndefined();
      expect(decoder.decode(first)?.width).toBe(64);
    }
  });

  test.skipIf(!isThere)("leaves images that take much memory to others", async () => {
    const wide = await sharp({ create: { width: 65_000, height: 300, channels: 3, background: "#fff" } })
      .jpeg()
      .toBuffer();
    expect(decoder.decode(wide)).toBeUndefined();
  });
});
