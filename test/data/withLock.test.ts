import * as files from "node:fs/promises";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { makeFile } from "../../src/data/files/makeFile.js";
import { withLock } from "../../src/data/files/withLock.js";
import { useTemporaryFolders } from "./temporary.js";

vi.mock("node:fs/promises", async (original) => {
  const actual = await original<typeof files>();
  return { ...actual, open: vi.fn(actual.open) };
});
const newFolder = useTemporaryFolders();
const nobody = 2 ** 22 + 1; // above the largest process number of Linux
afterEach(() => void vi.mocked(files.open).mockClear());

/** Work that says when it begins and ends, and requires that no other is at it meanwhile. */
function recorded(path: string) {
  const order: string[] = [];
  const work = (name: string, fails = false) =>
    withLock(path, async () => {
      order.push(`${name} begins`);
      await setTimeout(30);
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  function requireOneAtATime(count: number): void {
    expect(order).toHaveLength(2 * count);
    for (let at = 0; at < order.length; at += 2) {
      expect(order[at + 1]).toBe((order[at] as string).replace("begins", "ends"));
    }
  }
  return { work, requireOneAtATime };
}

test("one at a time, and the next when it is done or has failed", async () => {
  const path = join(await newFolder(), "file");
  const { work, requireOneAtATime } = recorded(path);
  const outcomes = await Promise.allSettled([work("a", true), work("b"), work("c")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  requireOneAtATime(3);
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test.each([
  ["a process that is gone", `${nobody} ${hostname()} x`, 0],
  ["a machine that has been silent for long", "1 elsewhere x", 3600],
  ["a process that has been silent for long", `${process.pid} ${hostname()} x`, 3600],
])("takes over the lock of %s, also when three want it: one after the other", async (_, holder, age) => {
  const path = join(await newFolder(), "file");
  await writeFile(`${path}.lock`, holder);
  const then = new Date(Date.now() - age * 1000);
  await utimes(`${path}.lock`, then, then);
  const { work, requireOneAtATime } = recorded(path);
  expect(await Promise.all(["a", "b", "c"].map((name) => work(name)))).toEqual(["a", "b", "c"]);
  requireOneAtATime(3);
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test.each([
  ["1 elsewhere x", "process 1 on elsewhere"],
  [`${process.pid} ${hostname()} x`, `process ${process.pid}`],
])("waits for a living one, and says once for whom", async (holder, name) => {
  const path = join(await newFolder(), "file");
  await writeFile(`${path}.lock`, holder);
  const awaited: string[] = [];
  const outcome = withLock(path, async () => "done", { onWait: (who) => awaited.push(who) });
  expect(await Promise.race([outcome, setTimeout(500, "waits")])).toBe("waits");
  await utimes(`${path}.lock`, new Date(0), new Date(0));
  expect(await outcome).toBe("done");
  expect(awaited).toEqual([name]);
});

test("the lock of another stays when the machine has no files left to open", async () => {
  const path = join(await newFolder(), "file");
  await writeFile(`${path}.lock`, "1 elsewhere x");
  vi.mocked(files.open).mockRejectedValueOnce(Object.assign(new Error("EMFILE: too many"), { code: "EMFILE" }));
  await expect(withLock(path, async () => "done")).rejects.toThrow("EMFILE");
  expect(await readFile(`${path}.lock`, "utf8")).toBe("1 elsewhere x");
});

describe("a file that is made", () => {
  test("by two at once is whole, and one that fails leaves the other's alone", async () => {
    const path = join(await newFolder(), "file");
    const write = (text: string, fails: boolean) =>
      makeFile(path, async (output) => {
        await output.writeFile(text);
        await setTimeout(fails ? 10 : 60);
        await output.writeFile(text);
        if (fails) throw new Error(text);
      });
    const outcomes = await Promise.allSettled([write("long ", false), write("x", true), write("long ", false)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await readFile(path, "utf8")).toBe("long long ");
    expect(await readdir(join(path, ".."))).toEqual(["file"]);
  });

  test("what killed ones have left is removed, what others write is not", async () => {
    const folder = await newFolder();
    const partial = (who: string) => join(folder, `file.${who}~x.partial`);
    const [gone, own] = [partial(`${nobody}~${hostname()}`), partial(`${process.pid}~${hostname()}`)];
    const [old, other] = [partial("1~elsewhere"), partial("2~elsewhere")];
    for (const path of [gone, own, old, other, join(folder, "file.partial")]) await writeFile(path, "half");
    await utimes(old, new Date(0), new Date(0));
    await makeFile(join(folder, "file"), (output) => output.writeFile("whole"));
    const left = ["file", "file.partial", ...[own, other].map((path) => path.slice(folder.length + 1))];
    expect((await readdir(folder)).sort()).toEqual(left.sort());
  });
});
