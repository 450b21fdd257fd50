import { existsSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { chooseEngine } from "../../../src/engine/chooseEngine.js";
import { engine } from "../../../src/engine/index.js";
import { report } from "../../../src/engine/webgpu/index.js";
import { expectSameStep, stepOn } from "../stepOn.js";

/** A Vulkan driver that computes on the processor; Debian's Chromium brings it. */
const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
const environment = { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver };

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("without a driver no adapter answers", async () => {
  vi.stubEnv("VK_DRIVER_FILES", "/nowhere.json");
  vi.stubEnv("VK_ICD_FILENAMES", "/nowhere.json");
  const { available, reason, remedy } = await report();
  expect({ available, reason }).toEqual({
    available: false,
    reason: "no adapter answers: there is no graphics driver",
  });
  expect(remedy).toMatch("apt-get install libvulkan1 mesa-vulkan-drivers");
});

describe.skipIf(!existsSync(driver))(`on the software adapter (skipped only where ${driver} is missing)`, () => {
  test("says what it is, and auto passes it over", async () => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const reports = await engine.list();
    const webgpu = reports.find(({ name }) => name === "webgpu");
    expect(webgpu).toMatchObject({
      available: true,
      device: "software",
      version: "webgpu 0.6.2 (Dawn)",
      passedOver: "its adapter is software, slower than torch and wasm on the same processor",
    });
    expect(webgpu?.details?.["adapter"]).toMatch(/SwiftShader/);
    const choice = await chooseEngine("auto", {}, async (name) =>
      name === "webgpu" || name === "wasm"
        ? (reports.find((one) => one.name === name) as NonNullable<typeof webgpu>)
        : { name, available: false, reason: "", remedy: "" },
    );
    expect(choice.name).toBe("wasm");
  });

  // The driver compiles every shader for the processor: 5 s of its time.
  test("a training step has torch's views, loss and gradients, and ends", { timeout: 240_000 }, async () => {
    const step = await stepOn("webgpu", { env: environment });
    expect(step.report).toMatchObject({ name: "webgpu", device: "software" });
    expectSameStep(step, await stepOn("torch"));
  });
});
