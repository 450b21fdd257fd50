import { afterEach, expect, test } from "vitest";
import { Lanes } from "../../bench/lanes.js";
import { measure } from "../../bench/measure.js";
import type { Group, LaneName, Side } from "../../bench/suite.js";

const turns = { rounds: 3, seconds: 0 };
const stop = new AbortController();
let lanes = new Lanes(stop.signal);
afterEach(async () => {
  await lanes.stop();
  lanes = new Lanes(stop.signal);
});

/** A process that answers as `reply`, the body of a function of the request, says. */
function addLane(name: LaneName, reply: string): void {
  const program = `
    const replies = require("node:fs").createWriteStream("", { fd: 3 });
    const reply = (request) => { ${reply} };
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      console.log("chatter that is no reply");
      replies.write(JSON.stringify(reply(JSON.parse(line))) + "\\n");
    });`;
  lanes.add(name, { title: name, program: process.execPath, words: ["-e", program], env: process.env });
}

function group(measures: Group["measures"] = "time"): Group {
  const side = (lane: LaneName): Side => ({ lane, case: "case", params: {} });
  return { sides: { mine: side("ours"), theirs: side("peer") }, rows: [], measures };
}

const order = "globalThis.turn ??= 0; if (request.do === 'measure') return { seconds: ++turn + Date.now() * 1000 };";

test("both sides take turns, in the opposite order in every other round", async () => {
  for (const lane of ["ours", "peer"] as const) addLane(lane, `${order} return { check: 1 };`);
  const { mine, theirs } = (await measure(lanes, group(), turns)) as Record<string, { values: number[] }>;
  const [a, b] = [mine?.values as number[], theirs?.values as number[]];
  expect(a).toHaveLength(3);
  expect(
    [a, b].map(
      ([first, second, third]) => (first as number) < (second as number) && (second as number) < (third as number),
    ),
  ).toEqual([true, true]);
  expect(a.map((time, round) => time < (b[round] as number))).toEqual([true, false, true]);
});

test("sides that do different work are not compared", async () => {
  addLane("ours", "return { check: 11_000_000, seconds: 1 };");
  addLane("peer", "return { check: 11_100_000, seconds: 1 };");
  await expect(measure(lanes, group(), turns)).rejects.toThrow(
    "bench: mine and theirs must do the same work, got 11000000 and 11100000",
  );
});

test("what a side cannot do is told with its reason, what goes wrong is an error", async () => {
  addLane("ours", "return { check: 1, seconds: 2 };");
  addLane("peer", "return request.do === 'prepare' ? { unsupported: 'no bfloat16 here' } : {};");
  expect(await measure(lanes, group(), turns)).toEqual({
    mine: { values: [2, 2, 2] },
    theirs: { reason: "no bfloat16 here" },
  });
  await lanes.stop();
  addLane("peer", "return { error: 'it broke' };");
  await expect(measure(lanes, group(), turns)).rejects.toThrow("peer: it broke");
});

test("a process that dies is named with its last words; a lane that takes no part has no values", async () => {
  addLane("ours", "console.error('out of luck'); process.exit(3);");
  await expect(measure(lanes, group(), turns)).rejects.toThrow("ours ended: out of luck");
  await lanes.stop();
  addLane("ours", "return { check: 1, seconds: 2 };");
  expect(await measure(lanes, group(), turns)).toEqual({
    mine: { values: [2, 2, 2] },
    theirs: { reason: "peer is not part of this run" },
  });
});

test("peaks of memory are those of fresh processes", async () => {
  for (const lane of ["ours", "peer"] as const) addLane(lane, "return { bytes: process.pid };");
  const { mine, theirs } = (await measure(lanes, group("memory"), turns)) as Record<string, { values: number[] }>;
  expect(new Set([...(mine?.values ?? []), ...(theirs?.values ?? [])]).size).toBe(6);
});
