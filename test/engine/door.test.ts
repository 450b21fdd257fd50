import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chooseEngine } from "../../src/engine/chooseEngine.js";
import { type EngineName, type EngineOptions, type EngineReport, engine } from "../../src/engine/index.js";
import { getBackend, setBackend, tensor1d } from "../../src/engine/tensor.js";
import { writeStandIn } from "./tensorflow/standIn.js";

beforeEach(() => {
  vi.stubEnv("KONTRAST_ENGINE", "");
  vi.stubEnv("KONTRAST_DEVICE", "");
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

type Offer = Partial<Record<EngineName, Partial<EngineReport>>>;

/** Chooses on a machine that has the given engines and no others. */
async function choose(offer: Offer, asked?: string, options: EngineOptions = {}) {
  const askedFor: string[] = [];
  const choice = await chooseEngine(asked, options, async (name, { device }) => {
    askedFor.push(name);
    const report = offer[name];
    const available = report !== undefined && (device === undefined || report.device?.startsWith(device) === true);
    return { name, available, ...(available ? report : { reason: "it is not here", remedy: `install ${name}` }) };
  });
  return { ...choice, askedFor };
}

describe("auto", () => {
  const cpu = { device: "cpu" };
  const cuda = { device: "cuda:0" };
  const software = { device: "software", passedOver: "its adapter is software" };

  test.each<[Offer, EngineName, string]>([
    [{ torch: cuda, tensorflow: { device: "gpu" }, webgpu: {}, wasm: cpu }, "torch", "auto: the first in its order"],
    [{ torch: cpu, tensorflow: cpu, webgpu: {}, wasm: cpu }, "tensorflow", "auto: torch on CUDA is not at hand"],
    [{ torch: cpu, webgpu: {}, wasm: cpu }, "webgpu", "auto: torch on CUDA and tensorflow are not at hand"],
    [
      { torch: cpu, webgpu: software, wasm: cpu },
      "torch",
      "auto: torch on CUDA, tensorflow and webgpu are not at hand",
    ],
    [{ webgpu: software, wasm: cpu }, "wasm", "auto: torch on CUDA, tensorflow, webgpu and torch are not at hand"],
  ])("on a machine with %j takes %s", async (offer, name, why) => {
    expect(await choose(offer)).toMatchObject({ name, why });
    expect(await choose(offer, "auto")).toMatchObject({ name, why });
  });

  test("asks no further than it has to: loading torch is enough where it has CUDA", async () => {
    expect((await choose({ torch: cuda, wasm: cpu })).askedFor).toEqual(["torch"]);
    expect((await choose({ torch: cpu, wasm: cpu })).askedFor).toEqual(["torch", "tensorflow", "webgpu"]);
  });

  test("says what would make an engine available where there is none", async () => {
    await expect(choose({})).rejects.toThrow(
      "engine: torch is not available: it is not here; to get it run: install torch engine: tensorflow is not",
    );
  });
});

describe("a name, a device", () => {
  const offer: Offer = { torch: { device: "cpu" }, webgpu: { passedOver: "its adapter is software" }, wasm: {} };

  test("the call goes before the environment, and both before auto", async () => {
    vi.stubEnv("KONTRAST_ENGINE", "wasm");
    expect(await choose(offer)).toMatchObject({ name: "wasm", why: "KONTRAST_ENGINE names it" });
    expect(await choose(offer, "torch")).toMatchObject({ name: "torch", why: "the call names it" });
    expect(await choose(offer, "webgpu")).toMatchObject({ name: "webgpu" });
    expect(await choose(offer, "auto")).toMatchObject({ name: "torch" });
  });

  test("a device asks for torch", async () => {
    const cuda = { torch: { device: "cuda:0" }, tensorflow: {}, wasm: {} };
    expect(await choose(cuda, "auto", { device: "cuda" })).toMatchObject({
      name: "torch",
      options: { device: "cuda" },
      why: "cuda asks for it",
    });
    vi.stubEnv("KONTRAST_DEVICE", "cpu");
    expect(await choose(offer)).toMatchObject({ name: "torch", options: { device: "cpu" } });
    expect(await choose(offer, "wasm")).toMatchObject({ name: "wasm", options: {} });
    await expect(choose(offer, "torch", { device: "cuda" })).rejects.toThrow("engine: torch is not available");
  });

  test.each<[asked: string | undefined, options: EngineOptions, environment: Record<string, string>, message: string]>([
    ["abacus", {}, {}, 'engine: name must be one of "auto", "torch", "tensorflow", "webgpu", "wasm", got "abacus"'],
    [undefined, {}, { KONTRAST_ENGINE: "abacus" }, 'engine: KONTRAST_ENGINE must be one of "auto", "torch", "tens'],
    ["torch", { device: "tpu" }, {}, 'engine: device must be "cpu", "cuda" or "cuda:<number>", got "tpu"'],
    ["torch", {}, { KONTRAST_DEVICE: "cuda:" }, 'engine: KONTRAST_DEVICE must be "cpu", "cuda" or "cuda:<number>", g'],
    ["wasm", { device: "cpu" }, {}, 'engine: device is for torch alone, got "cpu" for wasm'],
  ])("%j with %j and %j fails", async (asked, options, environment, message) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await expect(choose(offer, asked, options)).rejects.toThrow(message);
    await expect(choose(offer, asked, options)).rejects.toBeInstanceOf(RangeError);
  });
});

describe("use and current", () => {
  test("before any use there is none", () => {
    expect(() => engine.current()).toThrow("engine: none is in use; call await engine.use() first");
  });

  test("engines can be switched back and forth, and the last call wins", async () => {
    for (const name of ["torch", "wasm", "torch", "wasm"]) {
      expect((await engine.use(name)).name).toBe(name);
      expect(engine.current().name).toBe(name);
      expect(Array.from(await tensor1d([1, 2]).add(1).data())).toEqual([2, 3]);
    }
    const [first, second] = await Promise.all([engine.use("wasm"), engine.use("torch")]);
    expect([first.name, second.name, engine.current().name, getBackend()]).toEqual(["wasm", "torch", "torch", "torch"]);
  });

  test("an engine that does not start leaves the former in use", async () => {
    const project = mkdtempSync(join(tmpdir(), "kontrast-door-"));
    writeStandIn(project, "@tensorflow/tfjs-node", { startFails: "the GPU has left" });
    vi.spyOn(process, "cwd").mockReturnValue(project);
    await engine.use("torch");
    await expect(engine.use("tensorflow")).rejects.toThrow("the GPU has left");
    expect(engine.current().name).toBe("torch");
    expect(Array.from(await tensor1d([1, 2]).add(1).data())).toEqual([2, 3]);
    await expect(engine.use("abacus")).rejects.toThrow(RangeError);
    expect(engine.current().name).toBe("torch");
    rmSync(project, { recursive: true, force: true });
  });

  test("current says the truth about what was set behind its back, or that it does not know", async () => {
    await engine.use("wasm");
    await engine.use("torch");
    await setBackend("wasm");
    expect(engine.current().name).toBe("wasm");
    await setBackend("cpu");
    expect(() => engine.current()).toThrow(
      'engine: tfjs computes on "cpu", which engine.use() did not start; call await engine.use()',
    );
    await engine.use("torch");
    expect(getBackend()).toBe("torch");
  });
});
