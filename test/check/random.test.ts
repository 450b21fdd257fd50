import { expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";

test("seeds and streams that differ give other numbers, whatever their size and sign", () => {
  const values = [0, 1, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), 2 ** 40, 2 ** 53 - 1, -(2 ** 53) + 1];
  const drawn = [...values.map((seed) => seededRandom(seed)), ...values.map((stream) => seededRandom(7, stream))];
  expect(new Set(drawn.map((random) => random.uniform())).size).toBe(2 * values.length);
});

test("small seeds give the numbers that they have always given", () => {
  const random = seededRandom(1, 2);
  const first = [random.integer(1000), random.integer(1000), random.integer(1000)];
  expect(first).toEqual([817, 74, 708]);
});
