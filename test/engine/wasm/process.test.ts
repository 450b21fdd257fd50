import { beforeAll, expect, test } from "vitest";
import { dispose, fill, tensor1d } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/wasm/index.js";

const listeners = () => [process.listenerCount("uncaughtException"), process.listenerCount("unhandledRejection")];
let before: number[];

beforeAll(async () => {
  before = listeners();
  await start();
});

test("starting adds no listeners for the program's errors", () => {
  expect(listeners()).toEqual(before);
});

test("a tensor that does not fit is an error, and the engine goes on", async () => {
  const first = tensor1d([1, 2, 3]);
  const held = fill([2 ** 25], 1); // 128 MiB; 4 GiB are the most there is
  const message = /^wasm: out of memory: 4000 MiB were asked for, and the heap holds \d+ of at most 4096 MiB; take/;
  expect(() => fill([1000 * 2 ** 20], 1)).toThrow(message);
  expect(Array.from(await first.add(1).data())).toEqual([2, 3, 4]);
  expect((await held.slice(0, 1).data())[0]).toBe(1);
  dispose([first, held]);
});
