import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runReport } from "../../src/cli/runReport.js";
import type { KernelOutput } from "../../src/kernel/client/index.js";
import type { RunningCell } from "../../src/notebook/index.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function written(isTTY: boolean) {
  let text = "";
  const write = (part: string) => {
    text += part;
    return true;
  };
  return { stream: { isTTY, columns: 60, write } as NodeJS.WriteStream, text: () => text };
}

const running: RunningCell = {
  number: 3,
  count: 14,
  cell: {
    cell_type: "code",
    id: "a",
    metadata: {},
    source: "\n// %% Train SimCLR\nx",
    execution_count: null,
    outputs: [],
  },
};
const out = (text: string): KernelOutput => ({ type: "stream", name: "stdout", text });
const shown = (text: string, displayId: string): KernelOutput => ({
  type: "display_data",
  data: { "text/plain": text },
  metadata: {},
  displayId,
});
const updated = (text: string, displayId: string): KernelOutput => ({
  ...(shown(text, displayId) as Extract<KernelOutput, { type: "display_data" }>),
  type: "update_display_data",
  displayId,
});

test("a quiet cell is one line with its time, then its result", () => {
  const { stream, text } = written(false);
  const report = runReport(stream);
  report.start(running);
  report.output(running, {
    type: "execute_result",
    data: { "text/plain": "{ a: 1 }" },
    metadata: {},
    executionCount: 3,
  });
  report.end(running, 12.34);
  expect(text()).toBe(`${"[ 3/14] Train SimCLR".padEnd(94)}12.3 s\n        { a: 1 }\n`);
});

test("in a log, progress is a line every 5 s while it moves, and displays are shown as they end up", () => {
  const { stream, text } = written(false);
  const report = runReport(stream);
  report.start(running);
  report.output(running, shown("SimCLR: 1/9", "p"));
  vi.advanceTimersByTime(4000);
  expect(text()).toBe("");
  report.output(running, updated("SimCLR: 4/9", "p"));
  vi.advanceTimersByTime(30_000);
  expect(text()).toBe("[ 3/14] Train SimCLR\n        SimCLR: 4/9\n");
  report.output(running, updated("SimCLR: 9/9", "p"));
  report.output(running, updated("of another cell", "q"));
  report.end(running, 90);
  expect(text().split("\n").slice(2)).toEqual([`${"[ 3/14] done".padEnd(90)}1 min 30 s`, "        SimCLR: 9/9", ""]);
});

test("text is shown line by line as it comes, without colours in a log; a bar of carriage returns is one line", () => {
  const { stream, text } = written(false);
  const report = runReport(stream);
  report.start(running);
  report.output(running, out("a\n\u001b[31mb"));
  expect(text()).toBe("[ 3/14] Train SimCLR\n        a\n");
  report.output(running, out("b\u001b[0m\n10%\r"));
  report.output(running, out("100%"));
  expect(text().split("\n").slice(2)).toEqual(["        bb", ""]);
  report.end(running, 1);
  expect(text().split("\n").slice(3, -2)).toEqual(["        100%"]);
});

test("in a terminal the last line is redrawn in place and never wider than the terminal", () => {
  const { stream, text } = written(true);
  const report = runReport(stream);
  report.start(running);
  report.output(running, shown(`SimCLR: 1/9 ${"x".repeat(80)}`, "p"));
  vi.advanceTimersByTime(200);
  expect(text()).not.toContain("\n");
  const frames = text().split("\r\u001b[2K").slice(1);
  expect(frames).toHaveLength(2);
  expect(frames[1]).toMatch(/^\[ 3\/14\] Train SimCLR · \d\.\d s · SimCLR: 1\/9 x+…$/);
  expect(frames[1]).toHaveLength(59);
  report.end(running, 1);
});

test("a long result is cut after 30 lines", () => {
  const { stream, text } = written(false);
  const report = runReport(stream);
  report.start(running);
  report.output(running, shown(Array.from({ length: 50 }, (_, line) => `line ${line}`).join("\n"), "p"));
  report.end(running, 1);
  const lines = text().trimEnd().split("\n");
  expect(lines).toHaveLength(32);
  expect(lines.slice(-2)).toEqual(["        line 29", "        … 20 more lines"]);
});
