import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readIdx } from "../../src/data/files/readIdx.js";
import { readIdxPair } from "../../src/data/files/readIdxPair.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
const pixels = Buffer.from(Array.from({ length: 24 }, (_, index) => index * 10));
const threeImages = Buffer.concat([header(3, 3, 2, 4), pixels]);
const threeLabels = Buffer.concat([header(1, 3), Buffer.from([1, 0, 2])]);

function header(axes: number, ...shape: number[]): Buffer {
  const extents = shape.flatMap((extent) =>
    [extent >>> 24, extent >>> 16, extent >>> 8, extent].map((byte) => byte & 255),
  );
  return Buffer.from([0, 0, 8, axes, ...extents]);
}

async function write(contents: Buffer, name = "images.gz"): Promise<string> {
  const path = join(await newFolder(), name);
  await writeFile(path, contents);
  return path;
}

test("reads shape and values, gzipped or not", async () => {
  for (const path of [await write(gzipSync(threeImages)), await write(threeImages, "images")]) {
    const { shape, values } = await readIdx(path, 3);
    expect(shape).toEqual([3, 2, 4]);
    expect(Buffer.from(values)).toEqual(pixels);
  }
});

test.each([
  ["cut gzip", gzipSync(threeImages).subarray(0, 30), "must be a whole gzip file (unexpected end of file)"],
  ["no gzip", threeImages, "must be a whole gzip file (incorrect header check)"],
  ["damaged gzip", damaged(), /must be a whole gzip file \(.+\)/],
  ["labels", gzipSync(threeLabels), "must begin with the idx magic 00000803 (unsigned bytes, 3 axes), has 00000801"],
  [
    "nothing",
    gzipSync(Buffer.alloc(0)),
    "must begin with the idx magic 00000803 (unsigned bytes, 3 axes), has nothing",
  ],
  ["half a header", gzipSync(threeImages.subarray(0, 9)), "must have an idx header of 16 bytes, has 9"],
  ["too few values", gzipSync(threeImages.subarray(0, 39)), "must have 40 bytes for its shape [3, 2, 4], has 39"],
  [
    "too many values",
    gzipSync(Buffer.concat([threeImages, pixels])),
    "must have 40 bytes for its shape [3, 2, 4], has 64",
  ],
])("names the file and what is wrong: %s", async (_, contents, message) => {
  const path = await write(contents);
  const error = await readIdx(path, 3).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message.startsWith(path)).toBe(true);
  expect((error as Error).message).not.toContain("\n");
});

test("images and labels must belong together", async () => {
  const images = await write(gzipSync(threeImages));
  const pair = (labels: string, classes = 3) => readIdxPair(images, labels, { height: 2, width: 4, classes });
  const labels = await write(gzipSync(threeLabels), "labels.gz");
  expect(Array.from((await pair(labels)).labels)).toEqual([1, 0, 2]);
  await expect(pair(labels, 2)).rejects.toThrow(`${labels} must hold labels below 2, holds 2`);
  const two = await write(gzipSync(Buffer.concat([header(1, 2), Buffer.from([1, 0])])), "labels.gz");
  await expect(pair(two)).rejects.toThrow(`${two} must have as many labels as ${images} has images, 3, has 2`);
  await expect(readIdxPair(images, labels, { height: 28, width: 28, classes: 3 })).rejects.toThrow(
    `${images} must hold 28×28 images, holds 2×4`,
  );
});

function damaged(): Buffer {
  const bytes = Buffer.from(gzipSync(threeImages));
  bytes[bytes.length - 6] = (bytes[bytes.length - 6] as number) ^ 255; // in the checksum
  return bytes;
}
