import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { describe as describeFindings } from "../../src/cli/doctor/describe.js";
import { examine, type Findings } from "../../src/cli/doctor/findings.js";
import { doctor } from "../../src/cli/doctor.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast-doctor-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function printed(values: Record<string, boolean>): Promise<{ status: number; text: string }> {
  const chunks: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => Boolean(chunks.push(String(chunk))));
  const status = await doctor.run({ values, positionals: [] });
  vi.restoreAllMocks();
  return { status, text: chunks.join("") };
}

test("--json prints the stable keys and exits with 0 because wasm is always there", async () => {
  const { status, text } = await printed({ json: true });
  const findings = JSON.parse(text) as Findings;
  expect(status).toBe(0);
  expect(Object.keys(findings)).toEqual([
    "kontrast",
    "node",
    "platform",
    "cpu",
    "memory",
    "engines",
    "choice",
    "packages",
    "jupyter",
    "chromium",
    "data",
  ]);
  expect(findings.engines.map(({ name }) => name)).toEqual(["torch", "tensorflow", "webgpu", "wasm"]);
  expect(findings.engines[3]).toMatchObject({ available: true, threads: 1 });
  expect(findings.packages["@tensorflow/tfjs"]).toBe("4.22.0");
  expect(findings.node).toBe(process.version);
  expect(Object.values(findings.packages)).not.toContain(null);
});

test("says which engine would be used, and why", async () => {
  vi.stubEnv("KONTRAST_DEVICE", "");
  vi.stubEnv("KONTRAST_ENGINE", "wasm");
  const findings = await examine();
  expect(findings.choice).toEqual({ engine: "wasm", why: "KONTRAST_ENGINE names it" });
  expect(describeFindings(findings)).toMatch(/engine\.use\(\) +takes wasm \(KONTRAST_ENGINE names it\)/);
  vi.stubEnv("KONTRAST_ENGINE", "");
  vi.stubEnv("KONTRAST_DEVICE", "tpu");
  const why = 'engine: KONTRAST_DEVICE must be "cpu", "cuda" or "cuda:<number>", got "tpu"';
  const failed = await examine();
  expect(failed.choice).toEqual({ engine: null, why });
  expect(describeFindings(failed)).toMatch(`fails: ${why}`);
});

test("the table lines up", async () => {
  const { text } = await printed({});
  const rows = text.split("\n").filter((line) => /^ {2}\S/.test(line));
  const column = /^ {2}\S.*? {2,}/.exec(rows.find((line) => line.startsWith("  node ")) as string)?.[0]
    .length as number;
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) expect(row.slice(column - 2, column + 1)).toMatch(/^ {2}\S/);
});

describe("Jupyter", () => {
  async function register(argv: unknown): Promise<string> {
    const spec = join(folder, "kernels", "kontrast");
    await mkdir(spec, { recursive: true });
    await writeFile(join(spec, "kernel.json"), typeof argv === "string" ? argv : JSON.stringify({ argv }));
    vi.stubEnv("JUPYTER_PATH", folder);
    return spec;
  }

  test("finds a kernelspec that works", async () => {
    const spec = await register([process.execPath, process.execPath, "kernel"]);
    const { jupyter } = await examine();
    expect(jupyter).toEqual({ command: jupyter.command, kernelspec: spec });
  });

  test("names the program a kernelspec has lost", async () => {
    const spec = await register([join(folder, "node-that-left"), "kernel"]);
    expect((await examine()).jupyter).toMatchObject({
      kernelspec: spec,
      reason: `${join(folder, "node-that-left")} does not exist`,
      remedy: "npx kontrast install",
    });
  });

  test("names a kernel.json that is broken", async () => {
    await register("{");
    expect((await examine()).jupyter.reason).toBe("its kernel.json is not JSON");
  });
});

test("what is missing comes with its remedy", async () => {
  vi.stubEnv("PATH", folder);
  vi.stubEnv("KONTRAST_DATA_DIR", folder);
  vi.stubEnv("JUPYTER_DATA_DIR", folder);
  const findings = await examine();
  expect(findings.chromium).toEqual({ path: null, remedy: "apt-get install chromium" });
  expect(findings.jupyter.command).toBe(null);
  expect(findings.data.directory).toBe(folder);
  expect(findings.data.sets).toHaveLength(7);
  expect(findings.data.jpeg.decoder).toMatch(/^(native|WebAssembly)$/);
  expect(findings.data.sets).toContainEqual({
    name: "fashion-mnist",
    atHand: false,
    folder: join(folder, "fashion-mnist"),
    remedy: "npx kontrast data get fashion-mnist",
  });
  const torch = { name: "torch", available: false, reason: "it was not built", remedy: "npx kontrast setup" } as const;
  const webgpu = {
    name: "webgpu",
    available: true,
    device: "software",
    passedOver: "its adapter is software",
  } as const;
  const jpeg = { decoder: "WebAssembly", remedy: "npx kontrast setup" } as const;
  const text = describeFindings({ ...findings, engines: [torch, webgpu], data: { ...findings.data, jpeg } });
  expect(text).toMatch(/JPEG decoder +WebAssembly; for the faster native one: npx kontrast setup/);
  expect(text).toMatch(/webgpu +software\n +auto passes it over: its adapter is software/);
  expect(text).toMatch(/torch +missing: it was not built\n +to get it run: npx kontrast setup/);
  expect(text).toMatch(/chromium +not on PATH .*apt-get install chromium/);
  expect(text).toMatch(/fashion-mnist +not at hand; to get it run: npx kontrast data get fashion-mnist/);
});
