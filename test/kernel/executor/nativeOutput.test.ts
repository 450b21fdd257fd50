import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NativeOutput } from "../../../src/kernel/executor/nativeOutput.js";
import { endMark, type Output } from "../../../src/kernel/executor/protocol.js";

function listen() {
  const stream = new PassThrough();
  const shown: string[] = [];
  const show = (output: Output) => output.type === "stream" && shown.push(output.text);
  return { stream, shown, output: new NativeOutput("stdout", stream, show) };
}

test("property: marks are removed and text is kept, wherever the pipe cuts", async () => {
  const text = fc.string({ maxLength: 20 }).map((any) => any.replaceAll("\u0000", ""));
  await fc.assert(
    fc.asyncProperty(text, text, text, fc.integer({ min: 1, max: 9 }), async (before, between, after, size) => {
      const { stream, shown, output } = listen();
      const bytes = Buffer.from(`${before}${endMark(1)}${between}${endMark(2)}${after}`);
      for (let i = 0; i < bytes.length; i += size) stream.write(bytes.subarray(i, i + size));
      await output.until(2);
      stream.end();
      await new Promise((resolve) => stream.once("end", resolve));
      expect(shown.join("")).toBe(before + between + after);
    }),
    { numRuns: 50 },
  );
});

test("text before the mark was shown when the wait ends", async () => {
  const { stream, shown, output } = listen();
  const waiting = output.until(7);
  setTimeout(() => stream.write(`late${endMark(7)}`), 20);
  await waiting;
  expect(shown).toEqual(["late"]);
});

test("a stdout that was closed holds nothing up", async () => {
  const begin = Date.now();
  await listen().output.until(1);
  expect(Date.now() - begin).toBeLessThan(2000);
});
