import { expect, test } from "vitest";
import { engine, ones, registerKernel, type Tensor2D, unregisterKernel, zeros } from "../../../src/engine/tensor.js";
import { report, start } from "../../../src/engine/torch/index.js";
import { loadAddon, loadAddonFrom } from "../../../src/engine/torch/loader.js";

await start();

test("an error of the native engine names the kernel and the shapes", () => {
  const call = () =>
    engine().runKernel("BatchMatMul", { a: ones([2, 3]), b: ones([4, 5]) }, {
      transposeA: false,
      transposeB: false,
    } as never);
  expect(call).toThrow(
    "BatchMatMul: inner axes differ, got a [2, 3] and b [4, 5]; inputs [2, 3] float32, [4, 5] float32",
  );
});

test("an error of libtorch itself arrives on one line, and work goes on", () => {
  const call = () => engine().runKernel("Softmax", { logits: zeros([2, 3]) }, { dim: 7 } as never);
  expect(call).toThrow(/^Softmax: Dimension out of range .*; inputs \[2, 3\] float32$/);
  expect((ones([2]).add(1) as Tensor2D).arraySync()).toEqual([2, 2]);
});

test("a kernel that is missing is not taken from another backend", () => {
  registerKernel({ kernelName: "Elsewhere", backendName: "cpu", kernelFunc: () => [] });
  expect(() => engine().runKernel("Elsewhere", {})).toThrow("Kernel 'Elsewhere' not registered for backend 'torch'");
  unregisterKernel("Elsewhere", "cpu");
});

test("handles of disposed tensors and other values are refused", () => {
  const addon = loadAddon();
  const [handle] = addon.write(Float32Array.of(1, 2), [2], 0);
  addon.dispose(handle);
  addon.dispose(handle);
  expect(() => addon.read(handle)).toThrow("read: the tensor was disposed of");
  expect(() => addon.read({} as never)).toThrow("read: expected a tensor handle");
  expect(() => addon.write(Float32Array.of(1, 2), [3], 0)).toThrow("write: got 2 values for shape [3]");
});

test("the report says what computes", async () => {
  const { available, device, version, threads, details } = await report();
  expect({ available, device }).toEqual({ available: true, device: "cpu" });
  expect(version).toMatch(/^libtorch \d+\.\d+/);
  expect(threads).toBeGreaterThan(0);
  expect(details?.["blas"]).toBeTruthy();
});

test("the report of a missing or broken engine says why, and what to run", async () => {
  const missing = await report({}, () => loadAddonFrom("/nowhere/kontrast.node"));
  expect(missing).toMatchObject({ name: "torch", available: false, remedy: "npx kontrast setup" });
  expect(missing.reason).toContain("the native engine is not built (no such file: /nowhere/kontrast.node)");
  const broken = await report({}, () => loadAddonFrom(new URL(import.meta.url).pathname));
  expect(broken.available).toBe(false);
  expect(broken.reason).toMatch(/^the native engine does not load: /);
});

test("a bad number of threads is refused", async () => {
  process.env["KONTRAST_THREADS"] = "none";
  const bad = await report({}, () => loadAddonFrom(new URL(import.meta.url).pathname));
  delete process.env["KONTRAST_THREADS"];
  expect(bad.reason).toBe("KONTRAST_THREADS must be an integer >= 1, got none");
});
