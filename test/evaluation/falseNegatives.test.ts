import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import { groupById, shapes, subset } from "../../src/data/index.js";
import { type Tensor2D, tensor2d } from "../../src/engine/tensor.js";
import { detection } from "../../src/evaluation/detection.js";
import { falseNegativeMask, falseNegatives } from "../../src/evaluation/falseNegatives.js";
import { ntXent, type PairTable, pairTable, queuePairs, sce, viewPairs } from "../../src/objectives/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { fixture, product, python } from "../objectives/fixture.js";

useTestEngine();

const ref = (item: number, view = 0) => ({ item, view, parameters: {} });
const groupOf = (item: number) => item % 3;

/** Views of 8 items in 3 groups. */
function viewTable(): PairTable {
  const items = Array.from({ length: 8 }, (_, item) => item);
  const refs = [...items.map((item) => ref(item, 0)), ...items.map((item) => ref(item, 1))];
  const views = [...fixture(8, 0.9, 1, 0), ...fixture(8, 0.9, 1, 0.4)];
  const pairs = viewPairs(8);
  return pairTable({
    anchors: refs,
    candidates: refs,
    pairs,
    similarity: tensor2d(product(views, views)),
    objective: (s) => ntXent(s, pairs),
    describe: (s) => ntXent.describe(s, pairs),
  });
}

/** 4 anchors, their keys, and a queue of items 1, 4, 7, 2 and one of noise. */
function queueTable(): PairTable {
  const candidates = [...fixture(4, 0.9, 1, 0.4), ...fixture(5, 1.1, 3, 0.6)];
  const told = queuePairs(4, 5);
  const pairs = { ...told, target: sce.target(tensor2d(product(fixture(4, 0.9, 1, 0.4), candidates)), told) };
  const anchors = [0, 1, 2, 3].map((item) => ref(item));
  return pairTable({
    anchors,
    candidates: [...anchors, ...[1, 4, 7, 2, -1].map((item) => ref(item))],
    pairs,
    similarity: tensor2d(product(fixture(4, 0.9, 1, 0), candidates)),
    objective: (s) => sce(s, pairs),
    describe: (s) => sce.describe(s, pairs),
  });
}

async function arrays(table: PairTable) {
  const read = async (matrix: Tensor2D | undefined) => (await (matrix as Tensor2D).array()) as number[][];
  return {
    negative: await read(table.pairs.negative),
    similarity: await read(table.similarity),
    target: await read(table.target),
    prediction: await read(table.prediction),
    force: await read(table.force),
  };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([
  ["views", viewTable],
  ["a queue", queueTable],
])("of %s", (_, make) => {
  test("equal their definitions written as loops", async () => {
    const table = make();
    const { negative, target, prediction, force } = await arrays(table);
    const sums = { rate: [], pressure: [], relief: [], netForce: [] } as Record<string, number[]>;
    let [falseCount, told, falsePush, push, falseTarget, negativeTarget] = [0, 0, 0, 0, 0, 0];
    table.anchors.forEach((anchor, i) => {
      let [count, all, pressure, relief, net] = [0, 0, 0, 0, 0];
      table.candidates.forEach((candidate, j) => {
        if (!negative[i]?.[j]) return;
        all++;
        push += Math.max(0, force[i]?.[j] as number);
        negativeTarget += target[i]?.[j] as number;
        if (candidate.item < 0 || groupOf(candidate.item) !== groupOf(anchor.item)) return;
        count++;
        pressure += prediction[i]?.[j] as number;
        relief += target[i]?.[j] as number;
        net += force[i]?.[j] as number;
        falsePush += Math.max(0, force[i]?.[j] as number);
      });
      falseCount += count;
      told += all;
      falseTarget += relief;
      sums["rate"]?.push(count / all);
      sums["pressure"]?.push(pressure);
      sums["relief"]?.push(relief);
      sums["netForce"]?.push(net);
    });
    const found = await falseNegatives(table, groupOf);
    for (const [name, values] of Object.entries(sums)) expect(found[name as "rate"], name).toBeCloseTo(mean(values), 6);
    expect(found.chance).toBeCloseTo(falseCount / told, 12);
    expect(found.repulsionShare).toBeCloseTo(falsePush / push, 6);
    expect([...found.perAnchor.netForce][1]).toBeCloseTo(sums["netForce"]?.[1] as number, 6);
    if (negativeTarget === 0) expect(found.targetPrecision).toBeNaN();
    else expect(found.targetPrecision).toBeCloseTo(falseTarget / negativeTarget, 6);
    table.dispose();
  });

  test("detect as scikit-learn says", async () => {
    const table = make();
    const { negative, similarity } = await arrays(table);
    const cases = table.anchors.map((anchor, i) => {
      const told = table.candidates.map((_, j) => j).filter((j) => negative[i]?.[j]);
      return {
        scores: told.map((j) => similarity[i]?.[j]),
        truth: told.map((j) => {
          const { item } = table.candidates[j] as { item: number };
          return Number(item >= 0 && groupOf(item) === groupOf(anchor.item));
        }),
      };
    });
    const reference = scikitLearn(cases);
    const found = await falseNegatives(table, groupOf);
    reference.forEach(({ auroc, averagePrecision }, i) => {
      expectClose(found.perAnchor.auroc[i], auroc);
      expectClose(found.perAnchor.averagePrecision[i], averagePrecision);
    });
    const defined = reference.map(({ auroc }) => auroc).filter((value): value is number => value !== null);
    expect(found.auroc).toBeCloseTo(mean(defined), 10);
    table.dispose();
  });
});

test("ids are not positions", async () => {
  const held = shapes({ count: 8, firstId: 100 });
  const table = viewTable();
  await expect(falseNegatives(table, (id) => held.labels[id + 100] as number)).rejects.toThrow(
    /^falseNegatives: groupOf must give a number for item \d+, got undefined; ids are not positions, groupById\(dataset\) knows them$/,
  );
  table.dispose();
  const known = groupById(subset(held, [5, 2]));
  expect([known(105), known(102)]).toEqual([held.groups[5], held.groups[2]]);
  expect(() => known(5)).toThrow('groupById: the data set "shapes" must have the item 5, has no such id');
});

test("NT-Xent among balanced groups has the rate of its batch and, being one-hot, no relief", async () => {
  const table = viewTable();
  const found = await falseNegatives(table, (item) => item % 2, { top: 3 });
  expect(found.rate).toBeCloseTo((8 / 2 - 1) / (8 - 1), 12);
  expect(found.chance).toBeCloseTo(found.rate, 12);
  expect(found.relief).toBe(0);
  expect(found.netForce).toBeCloseTo(found.pressure / 0.5, 5);
  expect([...found.perAnchor.topPrecision].every((share) => Number.isInteger(Math.round(share * 3 * 1e9) / 1e9))).toBe(
    true,
  );
  table.dispose();
});

test("says NaN where nothing is defined", async () => {
  const table = viewTable();
  const { force: _, prediction: __, target: ___, ...bare } = table;
  const found = await falseNegatives(bare, (item) => item);
  expect(found.rate).toBe(0);
  for (const name of [
    "pressure",
    "relief",
    "netForce",
    "repulsionShare",
    "targetPrecision",
    "auroc",
    "averagePrecision",
  ] as const)
    expect(found[name], name).toBeNaN();
  table.dispose();
});

test("noise in a queue is never a false negative, an older view of the anchor's item is", async () => {
  const table = queueTable();
  const mask = falseNegativeMask(table, () => 0, await table.pairs.negative.data());
  expect([...mask.subarray(0, 9)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0]);
  const own = falseNegativeMask(table, (item) => item, await table.pairs.negative.data());
  expect([...own.subarray(9, 18)]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
  table.dispose();
});

test("a detector with ties scores as in scikit-learn", () => {
  const random = seededRandom(3);
  const cases = Array.from({ length: 20 }, (_, n) => ({
    scores: Array.from({ length: 5 + n }, () => random.integer(6) / 8),
    truth: Array.from({ length: 5 + n }, (_, i) => (i === 0 ? 1 : i === 1 ? 0 : random.integer(2))),
  }));
  scikitLearn(cases).forEach(({ auroc, averagePrecision }, i) => {
    const { scores, truth } = cases[i] as (typeof cases)[number];
    const found = detection(Float32Array.from(scores), Uint8Array.from(truth));
    expect(found.auroc).toBeCloseTo(auroc as number, 12);
    expect(found.averagePrecision).toBeCloseTo(averagePrecision as number, 12);
  });
});

test("rejects a top of 0", async () => {
  const table = viewTable();
  await expect(falseNegatives(table, groupOf, { top: 0 })).rejects.toThrow(
    "falseNegatives: top must be an integer >= 1, got 0",
  );
  table.dispose();
});

/** `null` is scikit-learn's "not defined", NaN ours. */
function expectClose(found: number | undefined, expected: number | null): void {
  if (expected === null) expect(found).toBeNaN();
  else expect(found).toBeCloseTo(expected, 10);
}

/** AUROC and average precision by scikit-learn; null where it has none. */
function scikitLearn(cases: unknown): { auroc: number | null; averagePrecision: number | null }[] {
  return python(
    `
import json, sys
from sklearn.metrics import average_precision_score, roc_auc_score
def measure(case):
    truth, scores = case["truth"], case["scores"]
    return {"auroc": roc_auc_score(truth, scores) if 0 < sum(truth) < len(truth) else None,
            "averagePrecision": average_precision_score(truth, scores) if sum(truth) else None}
print(json.dumps([measure(case) for case in json.load(sys.stdin)]))`,
    cases,
  );
}
