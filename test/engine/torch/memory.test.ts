import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { memory, tensor1d, zeros } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";

await start();
const addon = loadAddon();

/** What changes when a tensor comes or goes; the peak never falls, and what is pooled is free. */
const inUse = () => {
  const { tensors, bytes } = addon.memory();
  return { tensors, bytes };
};

test("a tensor's memory is free at once when it is disposed of", () => {
  const before = inUse();
  const x = zeros([1000, 1000]);
  expect(inUse()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 4_000_000 });
  const flat = x.reshape([1_000_000]);
  expect(flat.add(1).dispose()).toBeUndefined(); // reads the same values under a second shape
  x.dispose();
  expect(flat.dataSync()[999_999]).toBe(0); // shared values live as long as one tensor needs them
  flat.dispose();
  expect(inUse()).toEqual(before);
});

test("tf.memory() counts shared bytes once, knows the peak, and what the pool keeps", () => {
  const before = memory() as unknown as Record<string, number>;
  const x = zeros([500, 1000]);
  const copies = [x.clone(), x.reshape([1000, 500]), x.reshape([500_000])];
  for (const copy of copies) copy.add(1).dispose(); // makes the native views
  const within = memory() as unknown as Record<string, number>;
  expect(within["numTensors"]).toBe((before["numTensors"] ?? NaN) + 4);
  expect(within["numBytesHeld"]).toBe((before["numBytesHeld"] ?? NaN) + 2_000_000);
  expect(within["numBytesPeak"]).toBeGreaterThanOrEqual((before["numBytesHeld"] ?? NaN) + 4_000_000);
  expect(within["unreliable"]).toBe(false);
  for (const tensor of [x, ...copies]) tensor.dispose();
  const after = memory() as unknown as Record<string, number>;
  expect(after["numBytesHeld"]).toBe(before["numBytesHeld"]);
  expect(after["numBytesPooled"]).toBeGreaterThanOrEqual(2_000_000);
  addon.trim(1000);
  expect(addon.memory().pooled).toBe(after["numBytesPooled"]); // all of it is younger
  addon.trim(0);
  expect(addon.memory().pooled).toBe(0);
});

test("strings make no native tensors", () => {
  const before = inUse();
  tensor1d(["a", "b"]).dispose();
  expect(inUse()).toEqual(before);
});

interface Growth {
  readonly tensors: readonly number[];
  readonly native: readonly number[];
  readonly resident: readonly number[];
}

const child = fileURLToPath(new URL("./leaks.child.ts", import.meta.url));

async function runChild(what: string): Promise<Growth> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--import", "tsx", child, what], {
    env: { ...process.env, KONTRAST_THREADS: "1" },
  });
  return JSON.parse(stdout) as Growth;
}

test.each(["training", "layers", "reads"])("%s leave memory as it was", async (what) => {
  const { tensors, native, resident } = await runChild(what);
  expect(tensors.length).toBeGreaterThan(3);
  expect(new Set(tensors).size).toBe(1);
  expect(new Set(native).size).toBe(1);
  // arrays that wait for V8's collection come and go by a tenth; a leak would stay
  const half = resident.length >> 1;
  expect(Math.min(...resident.slice(half))).toBeLessThan(1.05 * Math.max(...resident.slice(0, half)));
});

test("a loop that never disposes of its tensors nor pauses does not exhaust memory", async () => {
  const { resident, tensors } = await runChild("lost");
  expect(tensors.at(-1)).toBeLessThan(3000); // of 6,000
  expect(Math.max(...resident)).toBeLessThan(3 * 2 ** 30); // of 6 GiB
});
