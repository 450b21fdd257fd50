import { readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { withLock } from "../../src/data/files/withLock.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
const nobody = 2 ** 22 + 1; // above the largest process number of Linux

test("one at a time, and the next when it is done or has failed", async () => {
  const path = join(await newFolder(), "file");
  const order: string[] = [];
  const work = (name: string, fails: boolean) =>
    withLock(path, async () => {
      order.push(`${name} begins`);
      await setTimeout(30);
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const outcomes = await Promise.allSettled([work("a", true), work("b", false), work("c", false)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  for (let at = 0; at < 6; at += 2) {
    expect(order[at + 1]).toBe((order[at] as string).replace("begins", "ends"));
  }
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test.each([
  ["a process that is gone", `${nobody} ${hostname()} x`, 0],
  ["a machine that has been silent for long", "1 elsewhere x", 3600],
  ["a process that has been silent for long", `${process.pid} ${hostname()} x`, 3600],
])("takes over the lock of %s, also when two want it", async (_, holder, age) => {
  const path = join(await newFolder(), "file");
  await writeFile(`${path}.lock`, holder);
  const then = new Date(Date.now() - age * 1000);
  await utimes(`${path}.lock`, then, then);
  const done = await Promise.all([1, 2].map((value) => withLock(path, async () => value)));
  expect(done).toEqual([1, 2]);
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("waits for a living one", async () => {
  const path = join(await newFolder(), "file");
  await writeFile(`${path}.lock`, "1 elsewhere x");
  const outcome = withLock(path, async () => "done");
  expect(await Promise.race([outcome, setTimeout(500, "waits")])).toBe("waits");
  await utimes(`${path}.lock`, new Date(0), new Date(0));
  expect(await outcome).toBe("done");
});
