import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Report } from "../../bench/run.js";
import { kontrast } from "../cli/kontrast.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast-bench-"));
  vi.stubEnv("KONTRAST_THREADS", "1"); // small sizes, on a machine that is busy with other tests
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const bench = (...words: string[]) => kontrast(folder, "bench", ...words).finished;

async function reportIn(name: string): Promise<Report> {
  return JSON.parse(await readFile(join(folder, name), "utf8"));
}

const runs = [
  { words: ["engine"], rows: 11 },
  { words: ["views"], rows: 6 },
  { words: ["train", "--only", "small ResNet"], rows: 4 },
  { words: ["train", "--only", "peak memory"], rows: 1 },
];

test.each(runs)("measures $words beside PyTorch and writes it", async ({ words, rows }) => {
  const { status, stdout, stderr } = await bench(...words, "--quick", "--rounds", "1", "--json", "made/a b.json");
  expect({ status, failed: /^Failed.*/m.exec(stdout) }).toEqual({ status: 0, failed: null });
  const { machine, versions, quick, results, skipped } = await reportIn("made/a b.json");
  expect(await readdir(join(folder, "made"))).toEqual(["a b.json"]);
  expect(Object.keys(machine)).toEqual(["cpu", "cores", "threads", "memoryGiB", "os", "node"]);
  expect(machine).toMatchObject({ threads: 1, node: process.version });
  expect(Object.keys(versions)).toEqual(expect.arrayContaining(["kontrast", "PyTorch", "PyTorch, blas", "Python"]));
  expect(quick).toBe(true);
  expect(results.length + skipped.length).toBe(rows);
  for (const { reason } of skipped) expect(reason).toBe("this processor does not multiply bfloat16");
  for (const { ours, peer, ratio, spread, rounds, unit, ...row } of results) {
    expect(row).toEqual({ name: expect.any(String), peerName: expect.stringMatching(/^(PyTorch|engine) /) });
    const expected = unit === "images/s" ? ours / (peer as number) : (peer as number) / ours;
    expect(ratio).toBeCloseTo(expected, 9);
    expect([spread.ours, rounds.ours]).toEqual([[ours, ours], [ours]]);
    expect([spread.peer, rounds.peer]).toEqual([[peer, peer], [peer]]);
    expect(stdout).toContain(`| ${row.name} `);
    expect(stderr).toContain(`${row.name}: `);
  }
  expect(new Set(results.map(({ name }) => name)).size).toBe(results.length);
  expect(stdout).toContain("these numbers say nothing about speed");
});

test("measures the kernel beside ipykernel and tslab", async () => {
  const words = ["kernel", "--only", "start to kernel_info", "--quick", "--rounds", "1", "--json", "kernel.json"];
  const { status, stdout } = await bench(...words);
  expect({ status, failed: /^Failed.*/m.exec(stdout) }).toEqual({ status: 0, failed: null });
  const { results, versions } = await reportIn("kernel.json");
  expect(Object.keys(versions)).toEqual(expect.arrayContaining(["Kontrast", "ipykernel", "tslab", "jupyter_client"]));
  expect(results.map(({ peerName }) => peerName)).toEqual([
    expect.stringMatching(/^ipykernel \d/),
    expect.stringMatching(/^tslab 1\.0\.22$/),
  ]);
  for (const { ours, peer, ratio } of results) expect(ratio).toBeCloseTo((peer as number) / ours, 9);
});

test("without its peer it measures when told to, and says so", async () => {
  vi.stubEnv("KONTRAST_PYTHON", "/nowhere/python3");
  const words = ["engine", "--quick", "--rounds", "1", "--only", "matmul", "--json", "out.json"];
  const refused = await bench(...words);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toBe(
    'kontrast: bench: PyTorch must be at hand in /nowhere/python3, got "spawn /nowhere/python3 ENOENT"; apt-get install ' +
      "python3-torch, or name an interpreter that has it in KONTRAST_PYTHON, or measure without it: --no-peer\n",
  );
  const { status, stdout } = await bench(...words, "--no-peer");
  expect(status).toBe(0);
  expect(stdout).toMatch(/\| matmul 16³ .*\| not measured /);
  const [result] = (await reportIn("out.json")).results;
  expect(result).toMatchObject({ name: "matmul 16³", peer: null, peerName: null, ratio: null });
});

test("names what was mistyped", async () => {
  const mistakes: [string[], number, string][] = [
    [["engin"], 2, 'unknown suite "engin"; expected one of engine, views, train, kernel'],
    [["--rounds", "0"], 2, "--rounds must be an integer >= 1, got 0"],
    [["--only", "nothing"], 1, '--only must occur in the name of a row, got "nothing"'],
  ];
  for (const [words, expected, message] of mistakes) {
    const { status, stderr } = await bench(...words);
    expect({ status, stderr }).toEqual({ status: expected, stderr: `kontrast: bench: ${message}\n` });
  }
  vi.stubEnv("KONTRAST_THREADS", "many");
  expect((await bench("engine")).stderr).toBe("kontrast: bench: KONTRAST_THREADS must be an integer >= 1, got many\n");
});

test("Ctrl-C ends all processes", async () => {
  const mark = `mark-${Math.random()}`;
  vi.stubEnv("KONTRAST_BENCH_TEST", mark);
  const running = kontrast(folder, "bench", "engine", "--only", "NT-Xent", "--rounds", "1000");
  await vi.waitFor(async () => expect(await marked(mark)).toHaveLength(3), { timeout: 30_000, interval: 100 });
  running.kill("SIGINT");
  const { status, stdout } = await running.finished;
  expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
  expect(await marked(mark)).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

/** Processes that inherited the mark in their environment: our command, our worker and PyTorch's. */
async function marked(mark: string): Promise<string[]> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const environments = processes.map((id) => readFile(`/proc/${id}/environ`, "utf8").catch(() => ""));
  const found = await Promise.all(environments);
  return processes.filter((_, index) => found[index]?.includes(mark));
}
