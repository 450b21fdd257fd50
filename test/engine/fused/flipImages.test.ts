import { beforeAll, describe, expect, test } from "vitest";
import { flipImages } from "../../../src/engine/fused/index.js";
import { engine } from "../../../src/engine/index.js";
import { randomNormal, reverse, stack, type Tensor4D, unstack } from "../../../src/engine/tensor.js";

describe.each(["torch", "wasm"])("flipImages on %s", (name) => {
  beforeAll(async () => {
    await engine.use(name);
  });

  test.each([
    [1, 1],
    [1, 2],
    [3, 1],
    [3, 2],
  ] as const)("mirrors the chosen images of %d channels along axis %d, and no other", (channels, axis) => {
    const images = randomNormal([5, 4, 7, channels], 0, 1, "float32", 3) as Tensor4D;
    for (const flipped of [
      [0, 1, 1, 0, 1],
      [0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1],
    ]) {
      const expected = stack(unstack(images).map((image, at) => (flipped[at] ? reverse(image, axis - 1) : image)));
      const found = flipImages(images, Uint8Array.from(flipped), axis);
      expect(found.shape).toEqual(images.shape);
      expect(Array.from(found.dataSync())).toEqual(Array.from(expected.dataSync()));
    }
  });
});

test("the kernel wants one value per image", async () => {
  await engine.use("torch");
  const images = randomNormal([2, 3, 3, 1], 0, 1, "float32", 1) as Tensor4D;
  expect(() => flipImages(images, new Uint8Array(3), 2)).toThrow("FlipImages: flipped must have 2 values, got 3");
});
