import { seededRandom } from "../../src/check/index.js";
import { tensor2d } from "../../src/engine/tensor.js";
import { type Figure, falseNegativeBars, lossCurves, pairMatrices, umapPlot } from "../../src/figures/index.js";
import {
  cosineSimilarity,
  ntXent,
  type PairTable,
  pairTable,
  queuePairs,
  viewPairs,
} from "../../src/objectives/index.js";

export const classNames = ["disc", "square", "triangle", "hourglass"];
export const groupOf = (item: number) => item % classNames.length;

export function sampleLosses(name: string, count = 300) {
  const random = seededRandom(name.length);
  return {
    name,
    history: Array.from({ length: count }, (_, index) => ({
      index,
      loss: 4 + Math.exp(-index / 60) + 0.05 * random.normal(),
    })),
  };
}

/** Two views of each of n items whose embeddings cluster by group. */
export function sampleTable(n = 12): PairTable {
  const refs = [0, 1].flatMap((view) => Array.from({ length: n }, (_, item) => ({ item, view, parameters: {} })));
  const embeddings = tensor2d(refs.map(({ item, view }) => embedding(item, view)));
  const pairs = viewPairs(n);
  return pairTable({
    anchors: refs,
    candidates: refs,
    pairs,
    similarity: cosineSimilarity(embeddings, embeddings),
    objective: (similarity) => ntXent(similarity, pairs),
    describe: (similarity) => ntXent.describe(similarity, pairs),
  });
}

/** n anchors against their keys and a queue with some noise in it, without forces. */
export function sampleQueueTable(n = 12, queue = 40): PairTable {
  const anchors = Array.from({ length: n }, (_, item) => ({ item, view: 0, parameters: {} }));
  const keys = anchors.map((ref) => ({ ...ref, view: 1 }));
  const stored = Array.from({ length: queue }, (_, at) => ({ item: at < 5 ? -1 : 100 + at, view: 1, parameters: {} }));
  const candidates = [...keys, ...stored];
  const rows = (refs: typeof candidates) => tensor2d(refs.map(({ item, view }) => embedding(item, view)));
  return pairTable({
    anchors,
    candidates,
    pairs: queuePairs(n, queue),
    similarity: cosineSimilarity(rows(anchors), rows(candidates)),
  });
}

function embedding(item: number, view: number): number[] {
  const [shared, own] = [seededRandom(1, groupOf(Math.abs(item))), seededRandom(2, item, view)];
  return Array.from({ length: 8 }, () => shared.normal() + 0.5 * own.normal());
}

export async function sampleFigures(): Promise<Record<string, Figure>> {
  const random = seededRandom(7);
  const labels = Array.from({ length: 200 }, (_, item) => groupOf(item));
  const coordinates = labels.map((label) => [
    Math.cos(label) * 5 + random.normal(),
    Math.sin(label) * 5 + random.normal(),
  ]);
  return {
    lossCurves: lossCurves([sampleLosses("SimCLR"), sampleLosses("SCE")]),
    umapPlot: umapPlot(coordinates, { labels, classNames }),
    falseNegativeBars: falseNegativeBars([
      { name: "SimCLR", measures: { pressure: 0.31, relief: 0, repulsionShare: 0.242, chance: 0.1 } },
      { name: "SCE", measures: { pressure: 0.45, relief: 0.22, repulsionShare: Number.NaN, chance: 0.1 } },
    ]),
    narrowBars: falseNegativeBars(
      ["a rather long name", "another long name", "SCE", "MoCo"].map((name) => ({
        name,
        measures: { pressure: 0.3123, relief: 0.1, repulsionShare: 0.25, chance: 0.1 },
      })),
      { width: "column" },
    ),
    pairMatrices: await pairMatrices(sampleTable(), { groupOf, classNames }),
    queueMatrices: await pairMatrices(sampleQueueTable(), { groupOf, classNames, width: "text" }),
  };
}
