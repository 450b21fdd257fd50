import { expect, test } from "vitest";
import { SendQueue } from "../../../src/kernel/wire/index.js";

test("one send is in flight at a time, and order is kept", async () => {
  const sent: string[] = [];
  let inFlight = 0;
  const queue = new SendQueue({
    async send(frames) {
      expect(inFlight++).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
      sent.push(String(frames[0]));
      inFlight--;
    },
  });
  const numbers = Array.from({ length: 50 }, (_, i) => `${i}`);
  await Promise.all(numbers.map((text) => queue.send([Buffer.from(text)])));
  expect(sent).toEqual(numbers);
});

test("a refused message fails alone", async () => {
  const sent: string[] = [];
  const queue = new SendQueue({
    async send(frames) {
      if (String(frames[0]) === "bad") throw new Error("refused");
      sent.push(String(frames[0]));
    },
  });
  const bad = queue.send([Buffer.from("bad")]);
  const good = queue.send([Buffer.from("good")]);
  await expect(bad).rejects.toThrow("refused");
  await good;
  await queue.drained();
  expect(sent).toEqual(["good"]);
});
