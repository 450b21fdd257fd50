import { expect, test } from "vitest";
import { memory, randomNormal, type Tensor2D, tensor2d } from "../../src/engine/tensor.js";
import { neighbours } from "../../src/evaluation/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";

useTestEngine();

test("finds the nearest others, nearest first, as a sorted list does", async () => {
  const features = randomNormal([40, 6], 0, 1, "float32", 1) as Tensor2D;
  const before = memory().numTensors;
  const { indices, distances } = await neighbours(features, 5);
  expect(memory().numTensors).toBe(before);
  const rows = await features.array();
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, axis) => sum + x * (b[axis] as number), 0);
  for (const [index, row] of rows.entries()) {
    const others = rows.map((other, place) => ({
      place,
      distance: 1 - dot(row, other) / Math.sqrt(dot(row, row) * dot(other, other)),
    }));
    const expected = others
      .filter(({ place }) => place !== index)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 5);
    expect(Array.from(indices[index] as Int32Array)).toEqual(expected.map(({ place }) => place));
    for (const [rank, { distance }] of expected.entries()) expect(distances[index]?.[rank]).toBeCloseTo(distance, 5);
  }
});

test("leaves a row out of its own list even among equals", async () => {
  const { indices, distances } = await neighbours(
    tensor2d([
      [1, 0],
      [2, 0],
      [3, 0],
      [0, 1],
    ]),
    2,
  );
  for (const [row, list] of indices.entries()) expect(list).not.toContain(row);
  expect(Array.from(distances[0] as Float32Array)).toEqual([0, 0]);
  expect(Array.from(indices[3] as Int32Array)).toHaveLength(2);
});

test("rejects a k that leaves none", async () => {
  await expect(neighbours(tensor2d([[1], [2]]), 2)).rejects.toThrow(
    "neighbours: k must be less than the 2 rows, got 2",
  );
});
