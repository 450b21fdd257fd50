import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setCurrentCell } from "../../src/display/cell.js";
import { progress } from "../../src/display/index.js";
import { fakeCell } from "./fakeCell.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] }));
afterEach(() => {
  setCurrentCell(undefined);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("renews one live output at most four times a second and always shows the last state", () => {
  const { shown } = fakeCell();
  const bar = progress({ total: 100, label: "SimCLR <1>" });
  for (let step = 1; step <= 100; step++) {
    vi.advanceTimersByTime(20);
    bar.update(step, `loss ${step}`);
  }
  expect(shown.length).toBeGreaterThanOrEqual(8);
  expect(shown.length).toBeLessThanOrEqual(9);
  bar.finish();
  expect(new Set(shown.map(({ displayId }) => displayId)).size).toBe(1);
  expect(shown.map(({ kind }) => kind)).toEqual(["display", ...Array(shown.length - 1).fill("update")]);
  const last = shown.at(-1)?.bundle;
  expect(last?.["text/plain"]).toBe("SimCLR <1>: 100/100 · 50 step/s · took 2.0 s · loss 100");
  expect(last?.["text/html"]).toContain("SimCLR &lt;1&gt;");
  expect(last?.["text/html"]).toContain('<progress value="100" max="100"');
});

it("shows the newest state soon when no more updates come", () => {
  const { shown } = fakeCell();
  const bar = progress({ total: 10, label: "fit" });
  vi.advanceTimersByTime(10);
  bar.update(1, "loss 2.5");
  expect(shown).toHaveLength(1);
  vi.advanceTimersByTime(250);
  expect(shown.at(-1)?.bundle["text/plain"]).toContain("1/10");
});

it("tells the time left", () => {
  const { shown } = fakeCell();
  const bar = progress({ total: 400, label: "fit", unit: "batch" });
  vi.advanceTimersByTime(10_000);
  bar.update(20);
  expect(shown.at(-1)?.bundle["text/plain"]).toBe("fit: 20/400 · 2 batch/s · 3 min 10 s left");
});

it("writes a line now and then where there is no terminal", () => {
  const lines = written(false);
  const bar = progress({ total: 60, label: "fit" });
  for (let step = 1; step <= 60; step++) {
    vi.advanceTimersByTime(200);
    bar.update(step);
  }
  bar.finish("done");
  bar.update(61);
  expect(lines.every((line) => /^fit: .*\n$/.test(line))).toBe(true);
  expect(lines).toHaveLength(4);
  expect(lines.at(-1)).toBe("fit: 60/60 · 5 step/s · took 12 s · done\n");
});

it("draws a bar in a terminal, never wider than it", () => {
  const lines = written(true);
  const bar = progress({ total: 4, label: "fit" });
  vi.advanceTimersByTime(1000);
  bar.update(2, "x".repeat(200));
  bar.finish();
  expect(lines[1]).toMatch(/^\rfit █{12}░{12} 2\/4 · 2 step\/s · 1\.0 s left/);
  expect(Math.max(...lines.map((line) => line.replace("\x1b[K", "").trim().length))).toBeLessThanOrEqual(79);
  expect(lines.at(-1)?.endsWith("\n")).toBe(true);
});

it("rejects an empty total", () => {
  expect(() => progress({ total: 0, label: "fit" })).toThrow("progress: total must be > 0, got 0");
});

function written(terminal: boolean): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  Object.defineProperty(process.stderr, "isTTY", { value: terminal, configurable: true });
  Object.defineProperty(process.stderr, "columns", { value: 80, configurable: true });
  return lines;
}
