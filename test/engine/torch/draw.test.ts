import { createCanvas } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { browser, memory, tensor2d, tensor3d } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";

await start();

function drawn(image: Parameters<typeof browser.draw>[0], options?: object): number[] {
  const canvas = createCanvas(1, 1);
  browser.draw(image, canvas as never, options);
  return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
}

test("draws colors, with an opacity of their own or a common one", () => {
  const before = memory().numTensors;
  const rgb = tensor3d([0, 51, 255], [1, 1, 3], "int32");
  expect(drawn(rgb)).toEqual([0, 51, 255, 255]);
  expect(drawn(rgb, { imageOptions: { alpha: 0.2 } })[3]).toBe(51);
  const rgba = tensor3d([1, 0, 0.2, 1], [1, 1, 4]);
  expect(drawn(rgba)).toEqual([255, 0, 51, 255]);
  rgb.dispose();
  rgba.dispose();
  expect(memory().numTensors).toBe(before);
});

test("draws gray images of two axes, and sizes the canvas", () => {
  const canvas = createCanvas(1, 1);
  browser.draw(tensor2d([0, 0.4, 1], [1, 3]), canvas as never);
  expect([canvas.width, canvas.height]).toEqual([3, 1]);
  const pixels = canvas.getContext("2d").getImageData(0, 0, 3, 1).data;
  expect([...pixels]).toEqual([0, 0, 0, 255, 102, 102, 102, 255, 255, 255, 255, 255]);
});

test("refuses values out of range and other contexts", () => {
  expect(() => drawn(tensor2d([0.5, 1.5], [1, 2]))).toThrow(
    "Tensor values for a float32 Tensor must be in the range [0 - 1] but encountered 1.5.",
  );
  expect(() => drawn(tensor2d([300], [1, 1], "int32"))).toThrow("in the range [0 - 255] but encountered 300.");
  expect(() => drawn(tensor2d([0], [1, 1]), { contextOptions: { contextType: "webgl" } })).toThrow(
    "Context type webgl is not supported by the torch engine.",
  );
});
