import { expect, test } from "vitest";
import { lbfgs } from "../../src/evaluation/lbfgs.js";

test("finds the minimum of an ill-conditioned quadratic", async () => {
  const curvatures = [1, 10, 100, 1000];
  const objective = async (at: Float64Array) => {
    const away = at.map((component, axis) => component - axis);
    const gradient = away.map((component, axis) => component * (curvatures[axis] as number));
    return {
      value: 1 + away.reduce((sum, component, axis) => sum + (component * (gradient[axis] as number)) / 2, 0),
      gradient,
    };
  };
  const { at, iterations } = await lbfgs(objective, new Float64Array(4), { iterations: 100, tolerance: 1e-6 });
  for (const [axis, component] of at.entries()) expect(component).toBeCloseTo(axis, 2);
  expect(iterations).toBeLessThan(40);
});

test("stops at the start when that is the minimum", async () => {
  const objective = async () => ({ value: 3, gradient: new Float64Array(2) });
  const start = Float64Array.of(4, 5);
  expect(await lbfgs(objective, start, { iterations: 10, tolerance: 1e-6 })).toEqual({
    at: start,
    value: 3,
    iterations: 0,
  });
});
