import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fill, matMul, ones, tidy } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";

await start();

const remedy = "dispose tensors, use tidy or a smaller batch";

test("memory that no machine has is refused with what was asked for and what is held", () => {
  const kept = fill([2 ** 20], 1);
  const held = String.raw`\d+ \wiB held in \d+ tensors \([\d.]+ \w+ pooled\); ${remedy}`;
  expect(() => fill([2 ** 50], 1)).toThrow(new RegExp(`^fill: out of memory: 4\\.0 PiB asked for, ${held}$`));
  const product = () => tidy(() => matMul(ones([2 ** 21, 1]), ones([1, 2 ** 21])));
  expect(product).toThrow(/^BatchMatMul: out of memory: 16\.0 TiB asked for, /);
  expect(product).toThrow(/; inputs \[2097152, 1\] float32, \[1, 2097152\] float32$/);
  expect(kept.sum().dataSync()[0]).toBe(2 ** 20); // the engine still works
  kept.dispose();
});

test("a size beyond 64 bits is an error too", () => {
  expect(() => fill([2 ** 31, 2 ** 31], 1)).toThrow(/^fill: .*overflow/);
});

/** Runs a script, which has `addon`, where the process may have so many GiB of addresses. */
function runWithin(gibibytes: number, script: string): string {
  const built = fileURLToPath(new URL("../../../native/build/kontrast.node", import.meta.url));
  const whole = `const addon = require(${JSON.stringify(built)}); addon.setThreads(2); ${script}`;
  const limited = `ulimit -v ${gibibytes * 2 ** 20}; exec "$0" -e "$1"`;
  return execFileSync("bash", ["-c", limited, process.execPath, whole], { encoding: "utf8" });
}

test("where memory ends, kernels and reads fail one by one, and all goes on once there is room", () => {
  const output = runWithin(
    3,
    `(async () => {
      const kept = [];
      const messages = [];
      const attempt = (work) => { try { return work(); } catch (error) { messages.push(error.message); } };
      for (let i = 0; i < 20; i++) {
        const raw = attempt(() => addon.fill([1 << 26], i, 0));
        if (raw) kept.push(raw[0]);
      }
      const full = messages.length;
      attempt(() => addon.Exp(kept[0]));
      attempt(() => addon.BatchMatMul(addon.view(kept[0], [8192, 8192])[0], addon.view(kept[0], [8192, 8192])[0], false, false));
      attempt(() => addon.read(kept[0]));
      attempt(() => addon.readLater(kept[0]));
      for (const handle of kept) addon.dispose(handle);
      const [after] = addon.fill([1 << 26], 5, 0);
      const values = await addon.readLater(addon.Neg(after)[0]);
      console.log(JSON.stringify({ kept: kept.length, full, messages, value: values[1 << 25] }));
    })()`,
  );
  const { kept, full, messages, value } = JSON.parse(output) as Record<string, never> & { messages: string[] };
  expect(kept).toBeGreaterThan(1);
  expect(full).toBeGreaterThan(5);
  expect(messages[0]).toMatch(/^fill: out of memory: 256 MiB asked for, [\d.]+ [MG]iB held in \d+ tensors /);
  const later = messages.slice(full).map((message) => message.split(";")[0]);
  for (const [index, name] of ["Exp", "BatchMatMul", "read", "read"].entries())
    expect(later[index]).toMatch(new RegExp(`^${name}: out of memory: 256 MiB asked for, `));
  expect(value).toBe(-5);
});

test("tensors that were lost make room before anything fails", () => {
  const output = runWithin(
    4,
    "for (let i = 0; i < 60; i++) addon.fill([1 << 25], i, 0); console.log(addon.memory().tensors);",
  );
  expect(Number(output)).toBeLessThan(20); // of 60 with 128 MiB each
});
