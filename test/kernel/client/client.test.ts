import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type KernelClient, KernelDied, type KernelOutput, startKernel } from "../../../src/kernel/client/index.js";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const python = "/usr/bin/python3";
const hasPythonKernel = spawnSync(python, ["-c", "import ipykernel"]).status === 0;

/** The same cell in the language of each kernel. */
const kernels = [
  {
    name: "our kernel",
    skip: false,
    command: [process.execPath, main, "kernel", "--connection-file", "{connection_file}"],
    print: "console.log('a'); console.error('b'); 1 + 1",
    fail: "throw new TypeError('no')",
    many: "for (let i = 0; i < 20000; i++) console.log(i)",
    wait: "console.log('waits'); await new Promise(() => {})",
    die: "process.kill(process.ppid, 'SIGKILL'); await new Promise(() => {})",
  },
  {
    name: "ipykernel",
    skip: !hasPythonKernel,
    command: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    print: "import sys\nprint('a')\nprint('b', file=sys.stderr)\n1 + 1",
    fail: "raise TypeError('no')",
    many: "for i in range(20000): print(i)",
    wait: "import time\nprint('waits', flush=True)\ntime.sleep(60)",
    die: "import os\nos._exit(3)",
  },
];

describe.each(kernels.filter(({ skip }) => !skip))("$name", ({ command, print, fail, many, wait, die }) => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await startKernel({ command });
  });
  afterAll(() => kernel.shutdown());

  async function outputsOf(code: string): Promise<KernelOutput[]> {
    const outputs: KernelOutput[] = [];
    await kernel.execute(code, { onOutput: (output) => outputs.push(output) });
    return outputs;
  }

  test("says what it is", () => {
    expect(kernel.info).toMatchObject({ status: "ok", language_info: { name: expect.any(String) } });
  });

  test("outputs and result arrive, then the reply with its times", async () => {
    const outputs: KernelOutput[] = [];
    const result = await kernel.execute(print, { onOutput: (output) => outputs.push(output) });
    expect(result.status).toBe("ok");
    expect(outputs).toContainEqual({ type: "stream", name: "stdout", text: "a\n" });
    expect(outputs).toContainEqual({ type: "stream", name: "stderr", text: "b\n" });
    expect(outputs).toContainEqual({
      type: "execute_result",
      data: { "text/plain": "2" },
      metadata: {},
      executionCount: result.executionCount,
    });
    for (const time of Object.values(result.times))
      expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
    expect(Object.keys(result.times)).toHaveLength(4);
  });

  test("an error comes as output and as result", async () => {
    const outputs: KernelOutput[] = [];
    const result = await kernel.execute(fail, { onOutput: (output) => outputs.push(output) });
    expect(result).toMatchObject({ status: "error", error: { name: "TypeError", message: "no" } });
    expect(outputs).toMatchObject([{ type: "error", name: "TypeError", message: "no" }]);
  });

  test("no line of 20,000 is lost", async () => {
    const text = (await outputsOf(many)).map((output) => (output.type === "stream" ? output.text : "")).join("");
    expect(text.split("\n")).toEqual([...Array.from({ length: 20_000 }, (_, line) => String(line)), ""]);
  });

  test("an interrupt ends the cell, and the next one runs", async () => {
    const running = kernel.execute(wait, {
      onOutput: (output) => void (output.type === "stream" && kernel.interrupt()),
    });
    expect((await running).status).toBe("error");
    expect((await kernel.execute("1")).status).toBe("ok");
  });

  test("a death while a cell runs is told at once, and to whoever asks later", async () => {
    await expect(kernel.execute(die)).rejects.toThrow(/^kernel: it died \((signal SIGKILL|exit code 3)\)/);
    await expect(kernel.execute("1")).rejects.toBeInstanceOf(KernelDied);
    await kernel.shutdown();
    await kernel.shutdown();
  });
});

describe("a kernel that does not start", () => {
  const start = (...command: string[]) => startKernel({ command, startTimeout: 1 });

  test.each([
    ["no such program", ["/no/such/program"], /^kernel: it died \(spawn \/no\/such\/program ENOENT\)$/],
    [
      "a crash",
      [process.execPath, "-e", "throw new Error('boo')"],
      /^kernel: it died \(exit code 1\); it last said: Error: boo$/,
    ],
    ["silence", ["sleep", "60"], /^kernel: no answer within 1 s$/],
  ])("%s", async (_, command, message) => {
    await expect(start(...command)).rejects.toThrow(message);
  });

  test("leaves no connection file behind, nor does one that is stopped", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kontrast-client-"));
    vi.stubEnv("TMPDIR", folder);
    try {
      const stop = new AbortController();
      const starting = startKernel({ command: ["sleep", "60"], signal: stop.signal });
      setTimeout(() => stop.abort(), 100);
      await expect(starting).rejects.toThrow("kernel: its start was stopped");
      await expect(start("/no/such/program")).rejects.toThrow("ENOENT");
      expect(await readdir(folder)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  });
});
