import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { jpegDecoder } from "../../src/data/images/jpegDecoder.js";
import { JpegTurbo } from "../../src/data/images/jpegTurbo.js";
import { jpegTurboExports } from "../../src/data/images/jpegTurboExports.js";
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

test.skipIf(!isNative)("the native decoder puts pixels where they are wanted, if they fit there", () => {
  const [first] = jpegs as [Buffer];
  const expected = Buffer.from(native.decode(first)?.pixels ?? []);
  for (const memory of [new ArrayBuffer(12288), new SharedArrayBuffer(12288)]) {
    const target = new Uint8Array(memory);
    expect(native.decode(first, target)?.pixels).toBe(target);
    expect(expected.equals(target)).toBe(true);
  }
  const small = new Uint8Array(12287);
  expect(expected.equals(native.decode(first, small)?.pixels ?? Buffer.alloc(0))).toBe(true);
  expect(small.every((value) => value === 0)).toBe(true);
});

describe("the memory of WebAssembly", () => {
  const start = () => ({ ...jpegTurboExports() });

  test("a large file is left to others before it is copied there", () => {
    const exports = start();
    const decoder = new JpegTurbo(() => exports);
    const [first] = jpegs as [Buffer];
    const comment = Buffer.alloc(0x10001);
    comment.writeUInt32BE(0xfffeffff); // 64 KiB of it: a JPEG image with 64 MiB in front
    const large = Buffer.concat([first.subarray(0, 2), ...Array<Buffer>(1024).fill(comment), first.subarray(2)]);
    expect(decoder.decode(first)?.width).toBe(64);
    const before = exports.memory.buffer.byteLength;
    expect(decoder.decode(large)).toBeUndefined();
    expect(exports.memory.buffer.byteLength).toBe(before);
  });

  test("where none is left, nothing is written, and the next image finds some again", () => {
    const exports = start();
    const { malloc } = exports;
    const decoder = new JpegTurbo(() => exports);
    const [first] = jpegs as [Buffer];
    const head = Buffer.from(exports.memory.buffer.slice(0, 1024));
    exports.malloc = () => 0;
    for (let again = 0; again < 2; again++) {
      expect(() => decoder.decode(first)).toThrow(
        `jpegTurbo: no ${first.length * 2} bytes are left in WebAssembly's memory`,
      );
    }
    expect(head.equals(Buffer.from(exports.memory.buffer.slice(0, 1024)))).toBe(true);
    exports.malloc = malloc;
    expect(decoder.decode(first)?.width).toBe(64);
    expect(() => new JpegTurbo(() => ({ ...exports, tjInitDecompress: () => 0 }))).toThrow("jpegTurbo: the decoder");
  });
});
