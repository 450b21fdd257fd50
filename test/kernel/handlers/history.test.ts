import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { History } from "../../../src/kernel/handlers/history.js";
import { fileHistory, historyFolder, memoryHistory } from "../../../src/kernel/handlers/historyStore.js";

const root = mkdtempSync(join(tmpdir(), "kontrast-history-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function historyOf(...inputs: string[]): Promise<History> {
  const history = new History(memoryHistory());
  for (const [index, input] of inputs.entries()) await history.add(index + 1, input);
  return history;
}

const inputsOf = async (found: Promise<readonly { input: string }[]>) => (await found).map(({ input }) => input);

test("the tail is the latest, in order", async () => {
  const history = await historyOf("a", "b", "c");
  expect(await inputsOf(history.tail(2))).toEqual(["b", "c"]);
  expect(await inputsOf(history.tail(9))).toEqual(["a", "b", "c"]);
  expect(await inputsOf(history.tail(0))).toEqual([]);
});

test("a range leaves out its end", async () => {
  expect(await inputsOf((await historyOf("a", "b", "c")).range(0, 1, 3))).toEqual(["a", "b"]);
});

test("globs match the whole input, across lines, and nothing else is special", async () => {
  const history = await historyOf("let a = 1;\nlet b = (a)", "let [x] = y", "let ax = y");
  expect(await inputsOf(history.search("let*(a)", 9, false))).toEqual(["let a = 1;\nlet b = (a)"]);
  expect(await inputsOf(history.search("let ?x? = y", 9, false))).toEqual(["let [x] = y"]);
  expect(await inputsOf(history.search("let [az]x = y", 9, false))).toEqual(["let ax = y"]);
  expect(await inputsOf((await historyOf("a", "b", "a")).search("*", 9, true))).toEqual(["b", "a"]);
});

describe("kept in files", () => {
  const noFailure = (reason: string) => expect.unreachable(reason);

  test("earlier sessions are found again, with their outputs, by whoever comes later", async () => {
    const folder = join(root, "kept");
    const first = new History(fileHistory(folder, noFailure));
    const entry = await first.add(1, "1 + 1\n// é");
    await first.setOutput(entry, "2");
    const second = new History(fileHistory(folder, noFailure));
    expect(existsSync(join(folder, "2.jsonl"))).toBe(false); // nobody has run anything in it yet
    expect(await second.range(-1, 0, 9)).toEqual([{ session: 1, line: 1, input: "1 + 1\n// é", output: "2" }]);
    await second.add(1, "b");
    await second.add(2, "c");
    expect(await inputsOf(second.tail(2))).toEqual(["b", "c"]);
    expect(await second.tail(3)).toMatchObject([
      { session: 1, line: 1 },
      { session: 2, line: 1 },
      { session: 2, line: 2 },
    ]);
    expect(await inputsOf(second.search("1*", 9, false))).toEqual(["1 + 1\n// é"]);
    expect(await inputsOf(second.range(2, 2, 3))).toEqual(["c"]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "1.jsonl")).mode & 0o777).toBe(0o600);
  });

  test("kernels that start at once get different numbers", async () => {
    const folder = join(root, "at-once");
    const numbers = await Promise.all(Array.from({ length: 20 }, () => fileHistory(folder, noFailure).begin()));
    expect(new Set(numbers).size).toBe(20);
  });

  test("half a line, as a kernel leaves it that is killed, costs that line alone", async () => {
    const folder = join(root, "half");
    await new History(fileHistory(folder, noFailure)).add(1, "whole");
    writeFileSync(join(folder, "1.jsonl"), '{"line":1,"input":"whole"}\n{"line":2,"inp');
    expect(await inputsOf(new History(fileHistory(folder, noFailure)).tail(5))).toEqual(["whole"]);
  });

  test("the oldest sessions make room", async () => {
    const folder = join(root, "many");
    const store = fileHistory(folder, noFailure);
    await store.begin();
    for (let session = 2; session <= 1000; session++) writeFileSync(join(folder, `${session}.jsonl`), "");
    expect(await store.begin()).toBe(1001);
    expect(readdirSync(folder)).toHaveLength(1000);
    expect(existsSync(join(folder, "1.jsonl"))).toBe(false);
  });

  test("a folder that cannot be written is told once, and the kernel goes on with its own", async () => {
    const place = join(root, "a-file");
    writeFileSync(place, "");
    chmodSync(place, 0o400);
    const reasons: string[] = [];
    const history = new History(fileHistory(join(place, "history"), (reason) => reasons.push(reason)));
    await history.add(1, "a");
    await history.add(2, "b");
    expect(await inputsOf(history.tail(9))).toEqual(["a", "b"]);
    expect(reasons).toEqual([expect.stringMatching(/^the history cannot be kept in .*history \(ENOTDIR\)$/)]);
  });

  test("its place can be chosen, and it can be switched off", () => {
    expect(historyFolder({ KONTRAST_HISTORY_DIR: "/a" })).toBe("/a");
    expect(historyFolder({ XDG_STATE_HOME: "/state" })).toBe("/state/kontrast/history");
    expect(historyFolder({ KONTRAST_HISTORY: "off", KONTRAST_HISTORY_DIR: "/a" })).toBeUndefined();
  });
});
