import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { OutputBuffer } from "../../../src/kernel/executor/outputBuffer.js";
import type { Output } from "../../../src/kernel/executor/protocol.js";

const stdout = (text: string): Output => ({ type: "stream", name: "stdout", text });
const stderr = (text: string): Output => ({ type: "stream", name: "stderr", text });

function buffer() {
  const shown: [number, Output][] = [];
  const sizes: number[] = [];
  const output = new OutputBuffer((cell, passed, size) => {
    shown.push([cell, passed]);
    sizes.push(size);
  });
  const add = (cell: number, added: Output, size = 1) => output.add(cell, added, size);
  return { shown, sizes, buffer: { add, flush: () => output.flush() } };
}

test("joins neighbours of one cell and stream, and keeps the order of all", () => {
  const { shown, sizes, buffer: output } = buffer();
  const clear: Output = { type: "clear", wait: false };
  for (const part of [stdout("a"), stdout("b"), stderr("c"), clear, stdout("d")]) output.add(1, part, 30);
  output.add(2, stdout("e"));
  output.flush();
  expect(shown).toEqual([
    [1, stdout("ab")],
    [1, stderr("c")],
    [1, clear],
    [1, stdout("d")],
    [2, stdout("e")],
  ]);
  // Of joined text its own, of all else as it came.
  expect(sizes).toEqual([2, 1, 30, 1, 1]);
});

test("text does not wait for long", async () => {
  const { shown, buffer: output } = buffer();
  output.add(1, stdout("x"));
  expect(shown).toEqual([]);
  await sleep(200);
  expect(shown).toEqual([[1, stdout("x")]]);
});

test("much text is passed on at once", () => {
  const { shown, buffer: output } = buffer();
  for (let i = 0; i < 70; i++) output.add(1, stdout("y".repeat(1000)));
  expect(shown.length).toBe(1);
});
