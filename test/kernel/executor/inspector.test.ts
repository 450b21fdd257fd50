import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { Executor as ExecutorType } from "../../../src/kernel/executor/index.js";

// The built one: its child is a program of its own, which has to be JavaScript.
const built = fileURLToPath(new URL("../../../dist/kernel/executor/index.js", import.meta.url));
const { Executor } = (await import(built)) as { Executor: typeof ExecutorType };
const executor = new Executor(tmpdir(), {
  onOutput: async () => undefined,
  onQuestion: async () => undefined,
  onReplaced: () => undefined,
});
afterAll(() => executor.close());

test("says in the inspector's words what the inspector refuses", async () => {
  const { inspector } = executor;
  await inspector.post("Debugger.enable");
  await expect(inspector.post("Debugger.resume")).rejects.toThrow(/^Inspector error .*while paused/);
  await expect(inspector.post("Debugger.fly")).rejects.toThrow(/^Inspector error .*Debugger\.fly/);
  expect(await inspector.post("Runtime.evaluate", { expression: "6 * 7" })).toMatchObject({ result: { value: 42 } });
});

test("calls under way end with the process", async () => {
  const { inspector } = executor;
  const never = inspector.post("Runtime.evaluate", { expression: "new Promise(() => 0)", awaitPromise: true });
  const closed = executor.close();
  await expect(never).rejects.toThrow("the process has ended");
  await expect(inspector.post("Debugger.enable")).rejects.toThrow("the process has ended");
  await closed;
});
