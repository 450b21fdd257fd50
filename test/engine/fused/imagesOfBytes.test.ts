import { beforeAll, describe, expect, test } from "vitest";
import { imagesOfBytes } from "../../../src/engine/fused/index.js";
import { engine } from "../../../src/engine/index.js";

const shape = [3, 5, 3] as const;
const extent = 45;
const bytes = Uint8Array.from({ length: 7 * extent }, (_, at) => (at * 37) % 256);

describe.each(["torch", "wasm"])("imagesOfBytes on %s", (name) => {
  beforeAll(async () => {
    await engine.use(name);
  });

  test("is each byte / 255, to the bit, for all bytes", () => {
    const every = Uint8Array.from({ length: 256 }, (_, value) => value);
    const images = imagesOfBytes({ bytes: every, shape: [16, 16, 1] }, Int32Array.of(0));
    expect(Array.from(images.dataSync())).toEqual(Array.from(every, (value) => Math.fround(value / 255)));
  });

  test("takes images in any order, some twice, or none", () => {
    const positions = Int32Array.of(6, 0, 3, 6);
    const images = imagesOfBytes({ bytes, shape }, positions);
    expect(images.shape).toEqual([4, ...shape]);
    const expected = [...positions].flatMap((position) => [
      ...bytes.subarray(position * extent, (position + 1) * extent),
    ]);
    expect(Array.from(images.dataSync())).toEqual(expected.map((value) => Math.fround(value / 255)));
    expect(imagesOfBytes({ bytes, shape }, new Int32Array(0)).shape).toEqual([0, ...shape]);
  });

  test("takes a part of a larger buffer", () => {
    const images = imagesOfBytes({ bytes: bytes.subarray(extent, 3 * extent), shape }, Int32Array.of(1));
    expect(images.dataSync()[0]).toBe(Math.fround((bytes[2 * extent] as number) / 255));
  });
});

test("the kernel reads nothing outside the bytes", async () => {
  await engine.use("torch");
  const call = (position: number) => () => imagesOfBytes({ bytes, shape }, Int32Array.of(position));
  expect(call(7)).toThrow("ImagesOfBytes: positions must be in [0, 7), got 7");
  expect(call(-1)).toThrow("ImagesOfBytes: positions must be in [0, 7), got -1");
});
