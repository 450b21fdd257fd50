import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { getBackend } from "../../../src/engine/tensor.js";
import { report } from "../../../src/engine/tensorflow/index.js";
import { expectSameStep, stepOn } from "../stepOn.js";
import { writeStandIn } from "./standIn.js";

const gpuPackage = "@tensorflow/tfjs-node-gpu";
const cpuPackage = "@tensorflow/tfjs-node";

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "kontrast-tensorflow-"));
  vi.spyOn(process, "cwd").mockReturnValue(project);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(project, { recursive: true, force: true });
});

describe("report", () => {
  test("says how to get it", async () => {
    expect(await report()).toEqual({
      name: "tensorflow",
      available: false,
      reason: "neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed",
      remedy: "npm install @tensorflow/tfjs-node@4.22.0 (with an NVIDIA GPU @tensorflow/tfjs-node-gpu@4.22.0)",
    });
  });

  test("finds the package of the user's project, loads it elsewhere and starts nothing", async () => {
    writeStandIn(project, cpuPackage);
    const before = getBackend();
    expect(await report()).toEqual({
      name: "tensorflow",
      available: true,
      device: "cpu",
      version: "tfjs-node 4.22.0, TensorFlow 2.9.1",
    });
    expect(getBackend()).toBe(before);
  });

  test("prefers the package for GPUs", async () => {
    writeStandIn(project, cpuPackage);
    writeStandIn(project, gpuPackage, { gpu: true });
    expect(await report()).toMatchObject({ device: "gpu", version: "tfjs-node-gpu 4.22.0, TensorFlow 2.9.1" });
  });

  test("falls back on the other package and says why", async () => {
    writeStandIn(project, cpuPackage);
    const fault = "libcudart.so.11.0: cannot open shared object file: No such file or directory";
    writeStandIn(project, gpuPackage, { fails: fault });
    expect(await report()).toMatchObject({
      available: true,
      device: "cpu",
      details: { [gpuPackage]: `it does not load: ${fault}` },
    });
  });

  test.each([
    [
      "libtensorflow.so.2: cannot open shared object file: No such file or directory",
      "libtensorflow.so.2: cannot open shared object file: No such file or directory",
      "npm rebuild @tensorflow/tfjs-node --build-addon-from-source",
    ],
    [
      "The Node.js native addon module (tfjs_binding.node) can not be found at path: /x. \nPlease run command 'npm …'",
      "The Node.js native addon module (tfjs_binding.node) can not be found at path: /x.",
      "npm rebuild @tensorflow/tfjs-node --build-addon-from-source",
    ],
    [
      "Cannot find module 'protobufjs'\nRequire stack:",
      "Cannot find module 'protobufjs'",
      "npm install @tensorflow/tfjs-node@4.22.0",
    ],
  ])("explains %j", async (fails, fault, remedy) => {
    writeStandIn(project, cpuPackage, { fails });
    const reason = `${cpuPackage}: it does not load: ${fault}`;
    expect(await report()).toEqual({ name: "tensorflow", available: false, reason, remedy });
  });

  test("refuses another version of tfjs", async () => {
    writeStandIn(project, cpuPackage, { core: "4.10.0" });
    expect(await report()).toMatchObject({
      available: false,
      reason: "@tensorflow/tfjs-node: it brings tfjs 4.10.0, and Kontrast needs 4.22.0",
      remedy: "npm install @tensorflow/tfjs-node@4.22.0",
    });
  });

  test("names another copy of the same version", async () => {
    writeStandIn(project, cpuPackage, { core: "4.22.0" });
    const folder = join(project, "node_modules", cpuPackage, "node_modules", "@tensorflow", "tfjs-core");
    expect((await report()).details).toEqual({ tfjs: `another copy than Kontrast's, in ${folder}` });
  });
});

test("a training step has torch's views, loss and gradients, and ends", async () => {
  writeStandIn(project, cpuPackage);
  const step = await stepOn("tensorflow", { cwd: project });
  expect(step.report).toMatchObject({ name: "tensorflow", device: "cpu" });
  expectSameStep(step, await stepOn("torch"));
});
