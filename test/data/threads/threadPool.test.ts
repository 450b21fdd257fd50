import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { threadPool } from "../../../src/data/threads/threadPool.js";
import type { Task } from "./troubled.js";

function poolOf(mostThreads: number) {
  const module = new URL("./troubled.js", import.meta.url);
  const pool = threadPool<Task, number>(module, { does: "is troubled", mostThreads, mostJobs: 2 });
  return (task: Task) => pool.run(() => task);
}

const has = (why: string) => `data: the thread that is troubled has ended (${why}); the next call starts another`;

describe("threadPool", () => {
  test("many jobs, more than threads have room for, each with its own answer", async () => {
    const run = poolOf(2);
    const jobs = Array.from({ length: 20 }, (_, echo) => run({ echo, after: echo % 3 }));
    expect(await Promise.all(jobs)).toEqual([...jobs.keys()]);
  });

  test("an error reaches who asked, with its kind, and nobody else", async () => {
    const run = poolOf(1);
    const [failed, answer] = await Promise.allSettled([run({ fail: "no ink" }), run({ echo: 3 })]);
    expect(failed).toEqual({ status: "rejected", reason: new RangeError("no ink") });
    expect(answer).toEqual({ status: "fulfilled", value: 3 });
  });

  test("what cannot be sent or made is an error, and later answers reach who asked for them", async () => {
    const run = poolOf(1);
    expect(await run({ echo: 1 })).toBe(1);
    await expect(run({ echo: (() => 0) as unknown as number })).rejects.toThrow("could not be cloned");
    const pool = threadPool<Task, number>(new URL("./troubled.js", import.meta.url), {
      does: "is troubled",
      mostThreads: 1,
      mostJobs: 2,
    });
    const broken = pool.run(() => {
      throw new Error("no paper");
    });
    await expect(broken).rejects.toThrow("no paper");
    expect(await Promise.all([run({ echo: 2 }), run({ echo: 3 })])).toEqual([2, 3]);
  });

  test.each([
    [{ exit: 3 }, has("exit code 3")],
    [{ crash: "no air" }, has("Error: no air")],
  ] as const)("a thread that dies of %j takes its own jobs with it and no others", async (task, message) => {
    const run = poolOf(2);
    const [healthy, dead, behind] = await Promise.allSettled([
      run({ echo: 1, after: 300 }),
      run(task),
      run({ echo: 2 }), // waits behind the first
      run({ echo: 3 }), // waits behind the one that dies
    ]).then(([first, second, , fourth]) => [first, second, fourth]);
    expect(healthy).toEqual({ status: "fulfilled", value: 1 });
    expect(dead).toEqual({ status: "rejected", reason: new Error(message) });
    expect(behind).toEqual({ status: "rejected", reason: new Error(message) });
    expect(await Promise.all([4, 5, 6, 7].map((echo) => run({ echo })))).toEqual([4, 5, 6, 7]);
  });

  test("a thread that cannot start rejects what waits", async () => {
    const pool = threadPool<Task, number>(new URL("./absent.js", import.meta.url), {
      does: "is not there",
      mostThreads: 1,
      mostJobs: 2,
    });
    const jobs = Array.from({ length: 4 }, () => pool.run(() => ({ echo: 1 })));
    for (const { status } of await Promise.allSettled(jobs)) expect(status).toBe("rejected");
  });

  test.each([
    ["an answer", "await run({ echo: 1 })"],
    ["what cannot be sent", "await run({ echo: () => 0 }).catch(() => 0)"],
    ["a death", "await run({ exit: 1 }).catch(() => 0)"],
  ])(
    "the process ends by itself after %s",
    async (_, call) => {
      const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
      const program = `const { threadPool } = await import(${source("../../../src/data/threads/threadPool.ts")});
const pool = threadPool(new URL(${source("./troubled.js")}), { does: "is troubled", mostThreads: 2, mostJobs: 2 });
const run = (task) => pool.run(() => task);
await run({ echo: 0 });
${call};
console.log("done");`;
      const run = promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
        timeout: 20_000,
      });
      expect((await run).stdout).toBe("done\n");
    },
    30_000,
  );
});
