import { expect, test } from "vitest";
import { memory } from "../../../src/engine/tensor.js";
import { methodsOn } from "../methodsOn.js";

test("methods train and probes answer as on torch", async () => {
  const expected = await methodsOn("torch");
  const before = memory().numTensors;
  const actual = await methodsOn("wasm");
  expect(memory().numTensors).toBe(before);
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(actual)) {
    const wanted = expected[name] as number[];
    expect(values.length, name).toBe(wanted.length);
    const scale = Math.max(1, ...wanted.map(Math.abs));
    const worst = Math.max(...values.map((value, at) => Math.abs(value - (wanted[at] as number)))) / scale;
    expect(worst, name).toBeLessThan(2e-4);
  }
});
