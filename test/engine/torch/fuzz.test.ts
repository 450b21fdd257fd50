import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("fuzzProcess.ts", import.meta.url));

test("no call of a kernel ends the process, however wrong", () => {
  const seed = "7";
  const runs = "30";
  const child = spawnSync(process.execPath, ["--import", "tsx", script, seed, runs], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 55_000,
  });
  const lines = child.stdout.trimEnd().split("\n");
  const ended = child.signal ?? child.status;
  expect(lines.at(-1)?.slice(0, 2000), `ended with ${ended}: ${child.stderr.slice(-2000)}`).toBe("done");
  expect(lines.filter((line) => line.startsWith("the right call threw: "))).toEqual([]);
});
