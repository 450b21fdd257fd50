import { expect } from "vitest";
import { type Tensor, tidy } from "../../../src/engine/tensor.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";

/** Expects a kernel's loop for the CPU and its composition for other devices to give the same, shapes and dtypes too. */
export function expectBothEqual(compute: () => Tensor | Tensor[], tolerance = 0): void {
  const addon = loadAddon();
  const values = (composed: boolean) => {
    addon.setComposed(composed);
    return tidy(() => [compute()].flat().map((x) => ({ shape: x.shape, dtype: x.dtype, values: [...x.dataSync()] })));
  };
  const loop = values(false);
  const composed = values(true);
  addon.setComposed(false);
  expect(composed.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    loop.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  for (const [i, { values: expected }] of loop.entries()) {
    const actual = composed[i]?.values ?? [];
    const wrong = expected.findIndex((value, k) => {
      const other = actual[k] ?? NaN;
      return !Object.is(value, other) && !(Math.abs(value - other) <= tolerance);
    });
    expect(wrong, `at ${wrong}: composed ${actual[wrong]}, loop ${expected[wrong]}`).toBe(-1);
    expect(actual.length).toBe(expected.length);
  }
}
