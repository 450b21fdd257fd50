import { expect, test } from "vitest";
import { summarize } from "../../bench/result.js";

const row = { name: "work", unit: "ms", ours: "ours", peer: "peer" } as const;
const peer = { name: "peer", values: [3, 30, 6, 6] };

test("takes medians, spreads, and a ratio that is above 1 where ours is better", () => {
  const result = summarize({ ...row, target: 2, most: 3 }, { ours: [1, 2, 3, 40], peer });
  expect(result).toEqual({
    name: "work",
    unit: "ms",
    ours: 2.5,
    peer: 6,
    peerName: "peer",
    ratio: 2.4,
    target: 2,
    most: 3,
    met: true,
    spread: { ours: [1, 40], peer: [3, 30], ratio: [6 / 40, 15] },
    rounds: { ours: [1, 2, 3, 40], peer: [3, 30, 6, 6] },
  });
  const speeds = summarize({ ...row, unit: "images/s" }, { ours: [10], peer: { name: "peer", values: [5] } });
  expect(speeds.ratio).toBe(2);
  expect(speeds).not.toHaveProperty("met");
});

test("says which limit is missed", () => {
  const metWith = (limits: { target?: number; most?: number }) =>
    summarize({ ...row, ...limits }, { ours: [4], peer }).met;
  expect(metWith({ target: 1.5 })).toBe(true);
  expect(metWith({ target: 1.6 })).toBe(false);
  expect(metWith({ target: 1.5, most: 3.9 })).toBe(false);
});

test("has no ratio without a peer, and does not claim to meet one", () => {
  const result = summarize({ ...row, target: 1 }, { ours: [4] });
  expect(result).toMatchObject({ ours: 4, peer: null, peerName: null, ratio: null });
  expect(result).not.toHaveProperty("met");
  expect(summarize({ ...row, most: 6 }, { ours: [4] }).met).toBe(true);
});
