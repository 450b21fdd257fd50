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
    "fromArrays: imageShape must be three positive integers, got [2, 0, 3]",
  );
});
