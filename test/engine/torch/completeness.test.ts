import { expect, test } from "vitest";
import { getKernelsForBackend } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";

await start();

const kernelsOf = (backend: string) => getKernelsForBackend(backend).map(({ kernelName }) => kernelName);

test("torch has every kernel of tfjs's CPU backend", () => {
  const ours = new Set(kernelsOf("torch"));
  const theirs = kernelsOf("cpu");
  expect(theirs.length).toBeGreaterThan(150);
  expect(theirs.filter((name) => !ours.has(name))).toEqual([]);
});

test("torch registers no kernel twice", () => {
  const names = kernelsOf("torch");
  expect(names).toEqual([...new Set(names)]);
});
