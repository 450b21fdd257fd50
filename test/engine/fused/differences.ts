import { expect } from "vitest";
import type { Tensor } from "../../../src/engine/tensor.js";

/** Expects values to be near others, in units of the largest of those, or of `unit` where that is larger. */
export function expectNear(actual: Tensor, expected: ArrayLike<number>, tolerance: number, unit = 1e-30): void {
  const values = actual.dataSync();
  expect(values.length).toBe(expected.length);
  let worst = 0;
  let scale = unit;
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs((values[i] as number) - (expected[i] as number));
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
    scale = Math.max(scale, Math.abs(expected[i] as number));
  }
  expect(worst / scale).toBeLessThan(tolerance);
}
