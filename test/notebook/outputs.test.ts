import fc from "fast-check";
import { expect, test } from "vitest";
import type { KernelOutput } from "../../src/kernel/client/index.js";
import type { CodeCell } from "../../src/notebook/index.js";
import { CellOutputs, Displays } from "../../src/notebook/outputs.js";
import { TerminalText } from "../../src/notebook/terminalText.js";

function emptyCell(): CodeCell {
  return { cell_type: "code", id: "a", metadata: {}, source: "", execution_count: null, outputs: [] };
}

function collect(...outputs: KernelOutput[]): CodeCell["outputs"] {
  const cell = emptyCell();
  const collector = new CellOutputs(cell, new Displays());
  for (const output of outputs) collector.receive(output);
  return cell.outputs;
}

const out = (text: string): KernelOutput => ({ type: "stream", name: "stdout", text });
const err = (text: string): KernelOutput => ({ type: "stream", name: "stderr", text });
const shown = (text: string, displayId?: string): KernelOutput => ({
  type: "display_data",
  data: { "text/plain": text },
  metadata: {},
  ...(displayId === undefined ? {} : { displayId }),
});

test("joins text of one stream, not of two", () => {
  expect(collect(out("a"), out("b\n"), err("c"), out("d"))).toEqual([
    { output_type: "stream", name: "stdout", text: "ab\n" },
    { output_type: "stream", name: "stderr", text: "c" },
    { output_type: "stream", name: "stdout", text: "d" },
  ]);
});

test("a progress bar drawn with carriage returns is one line", () => {
  const steps = Array.from({ length: 100 }, (_, step) => err(`\rstep ${step + 1}/100`));
  expect(collect(...steps, err("\ndone\n"))).toEqual([
    { output_type: "stream", name: "stderr", text: "step 100/100\ndone\n" },
  ]);
});

test.each([
  ["abc\rx", "xbc"],
  ["abc\r\ndef", "abc\ndef"],
  ["abc\r", "abc"],
  ["a\rb\rc", "c"],
  ["\u001b[31mred\u001b[0m\rplain", "plain"],
  ["\n\n", "\n\n"],
])("text %j is left as %j", (written, left) => {
  const text = new TerminalText();
  text.push(written);
  expect(text.toString()).toBe(left);
});

test("the parts in which a text arrives do not matter", () => {
  const piece = fc.string({ unit: fc.constantFrom("a", "b", "\r", "\n"), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const whole = new TerminalText();
      whole.push(pieces.join(""));
      const parts = new TerminalText();
      for (const part of pieces) parts.push(part);
      expect(parts.toString()).toBe(whole.toString());
    }),
  );
});

test("an update replaces the display in every cell, also an earlier one", () => {
  const displays = new Displays();
  const [first, second] = [emptyCell(), emptyCell()];
  new CellOutputs(first, displays).receive(shown("old", "d"));
  const later = new CellOutputs(second, displays);
  later.receive(shown("old", "d"));
  later.receive({ type: "update_display_data", data: { "text/plain": "new" }, metadata: { a: 1 }, displayId: "d" });
  later.receive({ type: "update_display_data", data: {}, metadata: {}, displayId: "unknown" });
  const replaced = [{ output_type: "display_data", data: { "text/plain": "new" }, metadata: { a: 1 } }];
  expect([first.outputs, second.outputs]).toEqual([replaced, replaced]);
});

test("clear_output clears at once, or with wait at the next output", () => {
  expect(collect(out("a"), { type: "clear_output", wait: false })).toEqual([]);
  expect(collect(out("a"), { type: "clear_output", wait: true })).toHaveLength(1);
  expect(collect(out("a"), { type: "clear_output", wait: true }, out("b"), out("c"))).toEqual([
    { output_type: "stream", name: "stdout", text: "bc" },
  ]);
});
