import { beforeAll, describe, expect, test, vi } from "vitest";
import { toMimeBundle } from "../../src/display/index.js";
import { engine, type KernelProfile, type Profile } from "../../src/engine/index.js";
import {
  conv2d,
  dispose,
  getKernel,
  grad,
  memory,
  ones,
  registerKernel,
  type Scalar,
  type Tensor,
  type Tensor4D,
  engine as tfjs,
  tidy,
  unregisterKernel,
  zeros,
} from "../../src/engine/tensor.js";

process.env["KONTRAST_THREADS"] = "1"; // small kernels on a machine that is busy with other tests

const kernelIn = ({ kernels }: Profile, name: string) =>
  kernels.find((kernel) => kernel.name === name) as KernelProfile;

test("needs an engine in use", async () => {
  await expect(engine.profile(() => 1)).rejects.toThrow("engine: none is in use; call await engine.use() first");
});

describe.each(["torch", "wasm"] as const)("on %s", (name) => {
  beforeAll(async () => {
    await engine.use(name);
  });

  test("counts the calls and the bytes of each kernel, views of tensors for nothing", async () => {
    const [a, b] = [ones([64, 32]), ones([32, 16])];
    const before = memory().numTensors;
    const profile = await engine.profile(() =>
      tidy(() => {
        const product = a.matMul(b).relu();
        product.reshape([16, 64]).relu();
      }),
    );
    expect(memory().numTensors).toBe(before);
    expect(kernelIn(profile, "BatchMatMul")).toMatchObject({ calls: 1, bytes: 64 * 16 * 4 });
    expect(kernelIn(profile, "Relu")).toMatchObject({ calls: 2, bytes: 2 * 64 * 16 * 4 });
    expect(kernelIn(profile, "Reshape")).toMatchObject({ bytes: 0 });
    expect(profile.bytes).toBe(3 * 64 * 16 * 4);
    expect(profile.timing).toBe("work");
    dispose([a, b]);
  });

  test("records the kernels of gradients", async () => {
    const images = ones([2, 8, 8, 3]) as Tensor4D;
    const loss = (filters: Tensor) =>
      conv2d(images, filters as Tensor4D, 1, "same")
        .square()
        .mean() as Scalar;
    const filters = ones([3, 3, 3, 4]);
    const profile = await engine.profile(() => grad(loss)(filters).dispose());
    // On wasm it is composed of others, which the bytes belong to.
    const bytes = name === "torch" ? filters.size * 4 : 0;
    expect(kernelIn(profile, "Conv2DBackpropFilter")).toMatchObject({ calls: 1, bytes });
    const times = profile.kernels.map(({ milliseconds }) => milliseconds);
    expect(times).toEqual(times.toSorted((x, y) => y - x));
    const shares = profile.kernels.reduce((sum, { share }) => sum + share, 0);
    expect(shares + profile.outsideMilliseconds / profile.milliseconds).toBeCloseTo(1, 9);
    dispose([images, filters]);
  });

  test("tells the most memory that was held at a time, with what was there before", async () => {
    const x = zeros([1000, 250]);
    const held = memory().numBytes;
    const { peakBytes, bytes } = await engine.profile(async () => {
      const once = x.relu();
      await once.data();
      const twice = once.relu();
      once.dispose();
      twice.relu().dispose();
      twice.dispose();
    });
    expect(peakBytes).toBe(held + 2 * 1e6);
    expect(bytes).toBe(3 * 1e6);
    x.dispose();
  });

  test("leaves no trace, also of a step that fails", async () => {
    const original = getKernel("Relu", name).kernelFunc;
    const x = ones([4]);
    const failing = [
      () => {
        throw new Error("it broke");
      },
      () => Promise.reject(new Error("it broke")),
    ];
    for (const step of failing) await expect(engine.profile(step)).rejects.toThrow("it broke");
    await expect(engine.profile(() => x.matMul(ones([4])))).rejects.toThrow();
    expect(getKernel("Relu", name).kernelFunc).toBe(original);
    const nested = engine.profile(() => engine.profile(() => 1));
    await expect(nested).rejects.toThrow("engine.profile: another profile is being taken; await it first");
    const profile = await engine.profile(() => x.relu().dispose());
    expect(profile.kernels).toMatchObject([{ name: "Relu", calls: 1, bytes: 16 }]);
    expect(getKernel("Relu", name).kernelFunc).toBe(original);
    x.dispose();
  });
});

test("time and memory of a kernel within a kernel count once; the rest of the step is outside", async () => {
  await engine.use("wasm");
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const run = (kernelName: string) => tfjs().runKernel(kernelName, {}, {}) as Tensor;
  const register = (kernelName: string, work: () => Tensor) =>
    registerKernel({ kernelName, backendName: "wasm", kernelFunc: work });
  register("ProfileInner", () => {
    now += 30;
    return zeros([10]);
  });
  register("ProfileOuter", () => {
    now += 10;
    run("ProfileInner").dispose();
    return run("ProfileInner");
  });
  const profile = await engine.profile(async () => {
    now += 5;
    const made = run("ProfileOuter");
    await Promise.resolve();
    now += 25;
    made.dispose();
  });
  unregisterKernel("ProfileInner", "wasm");
  unregisterKernel("ProfileOuter", "wasm");
  vi.restoreAllMocks();
  expect(profile.kernels.filter(({ name }) => name.startsWith("Profile"))).toEqual([
    { name: "ProfileInner", calls: 2, milliseconds: 60, share: 0.6, bytes: 80 },
    { name: "ProfileOuter", calls: 1, milliseconds: 10, share: 0.1, bytes: 0 },
  ]);
  expect(profile).toMatchObject({ milliseconds: 100, outsideMilliseconds: 30, bytes: 80 });

  const { "text/plain": text, "text/html": html } = await toMimeBundle(profile);
  const rows = String(text)
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));
  expect(rows[0]?.[0]).toMatch(/^One step on wasm \(cpu\): at most \S+ MB in tensors$/);
  expect(rows[1]).toEqual(["kernel", "calls", "time (ms)", "share (%)", "made (MB)"]);
  expect(rows.slice(3).map(([first, second, third]) => [first, second, third])).toEqual([
    ["ProfileInner", "2", "60"],
    ["ProfileOuter", "1", "10"],
    ["outside kernels", "30", "30"],
    ["all", "3", "100"],
  ]);
  expect(html).toMatch(/^<table/);
});
