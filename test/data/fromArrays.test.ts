import { expect, test } from "vitest";
import { batchOf, fromArrays } from "../../src/data/index.js";

const images = Uint8Array.from({ length: 3 * 2 * 1 * 3 }, (_, index) => index);
const imageShape = [2, 1, 3] as const;

test("fromArrays: columns and defaults", async () => {
  const known = fromArrays({ images, imageShape, labels: [1, 0, 1], ids: [7, 8, 9], factors: { angle: [0.5, 1, 2] } });
  expect(known.size).toBe(3);
  expect([...known.groups]).toEqual([1, 0, 1]);
  expect(known.classNames).toEqual(["0", "1"]);
  expect([...batchOf(known, [2, 0]).images]).toEqual([12, 13, 14, 15, 16, 17, 0, 1, 2, 3, 4, 5]);
  expect([...batchOf(known, [2]).ids]).toEqual([9]);
  expect(await known.read(Int32Array.of(2, 2))).toEqual({ bytes: images, places: Int32Array.of(2, 2) });

  const unknown = fromArrays({ images, imageShape });
  expect([...unknown.labels]).toEqual([-1, -1, -1]);
  expect([...unknown.groups]).toEqual([0, 1, 2]);
  expect(unknown.classNames).toEqual([]);
});

test("fromArrays: errors name the value and what was expected", () => {
  expect(() => fromArrays({ images, imageShape: [2, 2, 3] })).toThrow(
    "fromArrays: images must have a multiple of 12 values (2 × 2 × 3), got 18",
  );
  expect(() => fromArrays({ images, imageShape, labels: [1, 2] })).toThrow(
    "fromArrays: labels must have one entry per image (3), got 2",
  );
  expect(() => fromArrays({ images, imageShape, factors: { angle: [1] } })).toThrow(
    "fromArrays: angle must have one entry per image (3), got 1",
  );
  expect(() => fromArrays({ images, imageShape: [2, 0, 3] })).toThrow(
    "fromArrays: imageShape must be height, width and 1 or 3 channels, got [2, 0, 3]",
  );
  const rejected: [object, string][] = [
    [{ labels: [0, 0.5, 1] }, "labels must hold an integer from -1 to 2147483647, got 0.5 at 1"],
    [{ labels: ["a", 0, 1] }, "labels must hold an integer from -1 to 2147483647, got a at 0"],
    [{ labels: [0, 1, -5] }, "labels must hold an integer from -1 to 2147483647, got -5 at 2"],
    [
      { labels: [0, 1, 1e9] },
      "the label of item 2 must be below 1000000 where classNames are not given, is 1000000000",
    ],
    [{ labels: [0, 1, 2], classNames: ["a"] }, "the label of item 2 must be below 1, the number of class names, is 2"],
    [{ ids: [1, 1, 2] }, "ids must hold each id once, got 2 different ones of 3"],
    [{ groups: [1, Number.NaN, 2] }, "groups must hold an integer from -2147483648 to 2147483647, got NaN at 1"],
    [{ factors: { angle: [1, "2", 3] } }, "angle must hold numbers, got 2 at 1"],
    [{ images: new Float32Array(18) }, "images must be a Uint8Array of values 0 … 255, got Float32Array"],
    [{ images: new Uint8Array(0) }, "images must have a multiple of 6 values (2 × 1 × 3), got 0"],
    [{ imageShape: [1, 1, 2] }, "imageShape must be height, width and 1 or 3 channels, got [1, 1, 2]"],
  ];
  for (const [wrong, message] of rejected) {
    expect(() => fromArrays({ images, imageShape, ...wrong })).toThrow(`fromArrays: ${message}`);
  }
  expect([...fromArrays({ images, imageShape, labels: [0, -1, -1] }).groups]).toEqual([0, 2, 3]);
});
