import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prefetch } from "../../src/data/prefetch.js";

/** Loads that end when they are told to. */
function manual() {
  const begun: number[] = [];
  const ended: ((value?: Error) => void)[] = [];
  return {
    begun,
    end: (index: number, error?: Error) => ended[index]?.(error),
    load: (value: number) =>
      new Promise<string>((resolve, reject) => {
        begun.push(value);
        ended.push((error) => (error ? reject(error) : resolve(`loaded ${value}`)));
      }),
  };
}

const rejections: unknown[] = [];
const note = (reason: unknown) => void rejections.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(async () => {
  await setImmediate();
  process.off("unhandledRejection", note);
  expect(rejections.splice(0)).toEqual([]);
});

describe("prefetch", () => {
  test("keeps the order, and so many loads under way while the consumer works", async () => {
    const { begun, end, load } = manual();
    const values = prefetch([0, 1, 2, 3, 4], load, { ahead: 2 });
    const first = values.next();
    expect(begun).toEqual([0, 1, 2]);
    end(2);
    end(1);
    end(0);
    expect(await first).toEqual({ value: "loaded 0", done: false });
    await setImmediate();
    expect(begun).toEqual([0, 1, 2]); // two beyond the one handed over
    expect(await values.next()).toEqual({ value: "loaded 1", done: false });
    expect(begun).toEqual([0, 1, 2, 3]);
    end(3);
    expect((await values.next()).value).toBe("loaded 2");
    end(4);
    expect((await values.next()).value).toBe("loaded 3");
    expect((await values.next()).value).toBe("loaded 4");
    expect(await values.next()).toEqual({ value: undefined, done: true });
  });

  test("with nothing ahead, begins a load when it is asked for", async () => {
    const begun: number[] = [];
    const load = async (value: number) => begun.push(value);
    for await (const count of prefetch([7, 8, 9], load, { ahead: 0 })) {
      await setImmediate();
      expect(begun).toHaveLength(count);
    }
    expect(begun).toEqual([7, 8, 9]);
  });

  test("an error of a load arrives in its turn", async () => {
    const load = async (value: number) => {
      if (value === 2) throw new Error("no 2");
      return value;
    };
    const seen: number[] = [];
    const run = async () => {
      for await (const value of prefetch([0, 1, 2, 3], load, { ahead: 3 })) seen.push(value);
    };
    await expect(run()).rejects.toThrow("no 2");
    expect(seen).toEqual([0, 1]);
  });

  test("so does an error of the source", async () => {
    function* source() {
      yield 0;
      yield 1;
      throw new Error("no more");
    }
    const seen: number[] = [];
    const run = async () => {
      for await (const value of prefetch(source(), async (value) => value, { ahead: 5 })) seen.push(value);
    };
    await expect(run()).rejects.toThrow("no more");
    expect(seen).toEqual([0, 1]);
  });

  test("a consumer who leaves waits for what is under way, whose errors concern nobody; the source is closed", async () => {
    let closed = false;
    function* source() {
      try {
        for (let value = 0; ; value++) yield value;
      } finally {
        closed = true;
      }
    }
    const { begun, end, load } = manual();
    const values = prefetch(source(), load, { ahead: 2 });
    const first = values.next();
    end(0);
    await first;
    let left = false;
    const leaving = values.return(undefined).then(() => {
      left = true;
    });
    await setImmediate();
    expect([left, closed]).toEqual([false, true]);
    end(1, new Error("nobody asks"));
    end(2);
    await leaving;
    expect(begun).toEqual([0, 1, 2]);
  });

  test("nothing more is begun after an abort", async () => {
    const { begun, end, load } = manual();
    const controller = new AbortController();
    const values = prefetch([0, 1, 2, 3, 4], load, { ahead: 1, signal: controller.signal });
    const first = values.next();
    for (const index of [0, 1]) end(index);
    await first;
    controller.abort();
    expect(await values.next()).toEqual({ value: undefined, done: true });
    expect(begun).toEqual([0, 1]);
    const none = manual();
    expect((await prefetch([0], none.load, { ahead: 1, signal: AbortSignal.abort() }).next()).done).toBe(true);
    expect(none.begun).toEqual([]);
  });

  test("an abort ends it at once, with a load that never comes back", async () => {
    const controller = new AbortController();
    const { end, load } = manual();
    const values = prefetch([0, 1, 2], load, { ahead: 1, signal: controller.signal });
    const first = values.next();
    end(0);
    expect((await first).value).toBe("loaded 0");
    const second = values.next();
    controller.abort();
    expect(await second).toEqual({ value: undefined, done: true });
    const late = prefetch([0], load, { ahead: 1, signal: controller.signal });
    expect(await late.next()).toEqual({ value: undefined, done: true });
  });
});
