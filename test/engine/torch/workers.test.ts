import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const built = fileURLToPath(new URL("../../../native/build/kontrast.node", import.meta.url));

/** What every script starts with; `work` computes, checks itself, and leaves tensors behind. */
const prelude = `
const { Worker, isMainThread, parentPort, workerData } = require("node:worker_threads");
const assert = require("node:assert");
const load = () => { const addon = require(${JSON.stringify(built)}); addon.setThreads(2); return addon; };
const work = (addon, value) => {
  for (let i = 0; i < 20; i++) {
    const [a] = addon.fill([64, 64], value, 0);
    const [b] = addon.BatchMatMul(a, a, false, false);
    assert.equal(addon.read(b)[0], 64 * value * value);
    if (i % 2) { addon.dispose(a); addon.dispose(b); }
  }
};
const source = (body) => "const prelude = " + JSON.stringify(prelude) + "; eval(prelude + " + JSON.stringify(body) + ")";
const inWorker = (body) => new Promise((resolve, reject) => {
  const worker = new Worker(source(body), { eval: true });
  worker.on("error", reject).on("exit", resolve);
  worker.on("message", (message) => { if (message === "terminate") worker.terminate(); });
});
`;

/** Runs a script in a process of its own and returns what it printed; a crash is an exit code other than 0. */
function run(script: string): { status: number | null; stdout: string; stderr: string } {
  const whole = `const prelude = ${JSON.stringify(prelude)}; eval(prelude + ${JSON.stringify(script)})`;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["-e", whole], { encoding: "utf8" });
  return { status, stdout, stderr: signal ? `${signal} ${stderr}` : stderr };
}

const good = { status: 0, stderr: "" };

test("several worker threads compute at once, and new ones after they have ended", () => {
  const script = `(async () => {
    for (let round = 0; round < 2; round++)
      await Promise.all([1, 2, 3].map((value) => inWorker("work(load(), " + value + ")")));
    const addon = load();
    work(addon, 4);
    await new Promise((resolve) => setTimeout(resolve, 10));
    console.log("tensors", addon.memory().tensors <= 20); // those of the workers went with them
  })();`;
  expect(run(script)).toMatchObject({ ...good, stdout: "tensors true\n" });
});

test("a worker that is terminated while it computes and reads harms nobody", () => {
  const body = `const addon = load(); const [h] = addon.fill([1 << 24], 1, 0);
    for (let i = 0; i < 8; i++) addon.readLater(h);
    parentPort.postMessage("terminate");
    for (;;) addon.dispose(addon.Exp(h)[0]);`;
  const script = `(async () => {
    for (let i = 0; i < 3; i++) await inWorker(${JSON.stringify(body)});
    const addon = load();
    work(addon, 3);
    const values = await addon.readLater(addon.fill([1 << 20], 7, 0)[0]);
    console.log(values[5], addon.memory().tensors <= 21);
  })();`;
  expect(run(script)).toMatchObject({ ...good, stdout: "7 true\n" });
});

test("a handle cannot be sent to another thread", () => {
  const script = `(async () => {
    const addon = load();
    const [handle] = addon.fill([2], 1, 0);
    try { structuredClone(handle); } catch (error) { console.log(error.name); }
  })();`;
  expect(run(script)).toMatchObject({ ...good, stdout: "DataCloneError\n" });
});

test.each([
  ["reads are under way", "for (let i = 0; i < 8; i++) addon.readLater(h); process.exit(3)"],
  [
    "a worker computes",
    `inWorker("const a = load(); for (;;) a.Exp(a.fill([1 << 20], 1, 0)[0])"); setTimeout(() => process.exit(3), 300)`,
  ],
  ["tensors are alive", "globalThis.kept = [h, addon.Exp(h)]; process.exit(3)"],
  ["a read has just ended", "addon.readLater(h).then(() => process.exit(3))"],
])("process.exit is clean while %s", (_, body) => {
  const result = run(`const addon = load(); const [h] = addon.fill([1 << 24], 1, 0); ${body}`);
  expect(result).toMatchObject({ status: 3, stderr: "" });
});

test("an uncaught error while reads are under way ends the process as any other", () => {
  const body = `const addon = load(); const [h] = addon.fill([1 << 24], 1, 0);
    addon.readLater(h); setTimeout(() => { throw new Error("mine"); }, 0);`;
  const { status, stderr } = run(body);
  expect(status).toBe(1);
  expect(stderr).toContain("Error: mine");
});
