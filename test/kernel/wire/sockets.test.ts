import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Subscriber } from "zeromq";
import { createConnectionFile } from "../../../src/kernel/client/connectionFile.js";
import { address, curveClient, KernelSockets, makeHeader } from "../../../src/kernel/wire/index.js";

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function bound(options: Parameters<typeof KernelSockets.bind>[1] = {}) {
  const file = await createConnectionFile(true);
  const sockets = await KernelSockets.bind(file.connection, options);
  open.push(sockets, { close: () => file.remove() });
  const subscribe = () => {
    const subscriber = new Subscriber({ receiveHighWaterMark: 10, linger: 0, ...curveClient(file.connection) });
    subscriber.connect(address(file.connection, "iopub"));
    subscriber.subscribe();
    open.push(subscriber);
    return subscriber;
  };
  const publish = (text: string) =>
    sockets.send("iopub", {
      identities: [Buffer.from("topic")],
      header: makeHeader("stream", "session"),
      parentHeader: {},
      metadata: {},
      content: { text },
      buffers: [],
    });
  return { subscribe, publish };
}

const large = "x".repeat(10_000);

/** Numbers of the messages that a subscriber gets until nothing more comes. */
async function read(subscriber: Subscriber, patience = 500): Promise<number[]> {
  const numbers: number[] = [];
  subscriber.receiveTimeout = patience;
  for (;;) {
    const frames = await subscriber.receive().catch(() => undefined);
    if (!frames) return numbers;
    numbers.push(Number.parseInt(JSON.parse(String(frames.at(-1))).text, 10));
  }
}

test("a subscriber that sleeps for a while loses nothing, and the kernel waits for it", {
  timeout: 30_000,
}, async () => {
  const { subscribe, publish } = await bound();
  const sleeper = subscribe();
  await sleep(300);
  let sent = 0;
  const all = (async () => {
    for (let index = 0; index < 5000; index++) {
      await publish(`${index} ${large}`);
      sent++;
    }
  })();
  await sleep(1500);
  expect(sent).toBeLessThan(4000);
  expect(await read(sleeper)).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  await all;
});

test("one that never reads is left behind after a time, and the others are served", { timeout: 30_000 }, async () => {
  const told: string[] = [];
  const { subscribe, publish } = await bound({ longestWait: 800, onSlow: (reason) => told.push(reason) });
  subscribe();
  const reader = subscribe();
  await sleep(300);
  const reading = read(reader, 3000);
  for (let index = 0; index < 3000; index++) await publish(`${index} ${large}`);
  expect(await reading).toHaveLength(3000);
  expect(new Set(told)).toEqual(
    new Set(["a front end has read nothing for 0.8 s; it loses what it does not read now"]),
  );
});
