import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import { tensor2d, tensor4d } from "../../src/engine/tensor.js";
import { falseNegativeBars, lossCurves, pairMatrices, positivePairs, umap, umapPlot } from "../../src/figures/index.js";
import { classColours } from "../../src/figures/palettes.js";
import { pairTable } from "../../src/objectives/index.js";
import { classNames, groupOf, sampleLosses, sampleQueueTable, sampleTable } from "./samples.js";

type Trace = Record<string, unknown> & { type: string; z: (number | null)[][]; x: number[]; y: number[] };

describe("lossCurves", () => {
  it("draws every step and the mean around each", () => {
    const figure = lossCurves(
      { name: "flat", history: [1, 2, 3, 4].map((loss, index) => ({ index, loss })) },
      { smoothing: 3 },
    );
    const [steps, mean] = figure.spec.data as unknown as [Trace, Trace];
    expect(steps.y).toEqual([1, 2, 3, 4]);
    expect(mean.y).toEqual([1, 2, 3, 3.5]);
  });

  it("thins long histories", () => {
    const [steps] = lossCurves(sampleLosses("long", 12_345)).spec.data as unknown as [Trace];
    expect(steps.x.length).toBeLessThanOrEqual(1000);
  });

  it("names the step at which a loss is NaN", () => {
    const history = [
      { index: 11, loss: 1 },
      { index: 12, loss: Number.NaN },
    ];
    expect(() => lossCurves([{ name: "sce", history }])).toThrow(
      new RangeError('lossCurves: the loss of "sce" must be finite, got NaN at step 12'),
    );
    expect(() => lossCurves([])).toThrow("lossCurves: runs must have at least one run, got 0");
    expect(() => lossCurves([{ name: "sce", history: [] }])).toThrow(
      'the history of "sce" must have at least one step',
    );
    expect(() => lossCurves(sampleLosses("a"), { width: -1 })).toThrow("lossCurves: width must be > 0, got -1");
  });
});

describe("umap and umapPlot", () => {
  const random = seededRandom(5);
  const centres = Array.from({ length: 3 }, () => Array.from({ length: 10 }, () => random.normal()));
  const features = Array.from({ length: 90 }, (_, row) =>
    (centres[row % 3] as number[]).map((value) => value + 0.15 * random.normal()),
  );

  it("keeps clusters apart, the same way for the same seed", async () => {
    const map = await umap(features, { neighbours: 8, seed: 1 });
    expect(await umap(tensor2d(features), { neighbours: 8, seed: 1 })).toEqual(map);
    expect(await umap(features, { neighbours: 8, seed: 2 })).not.toEqual(map);
    const nearest = map.map(([x, y], row) => {
      const others = map.map(([a, b], other) => ({
        other,
        distance: other === row ? Infinity : Math.hypot(a - x, b - y),
      }));
      return others.reduce((best, next) => (next.distance < best.distance ? next : best)).other;
    });
    expect(nearest.filter((other, row) => other % 3 === row % 3).length).toBeGreaterThanOrEqual(88);
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(umap(features, { neighbours: 8, signal: controller.signal })).rejects.toThrow("aborted");
  });

  it("says what is wrong with its input", async () => {
    await expect(umap(features.slice(0, 10))).rejects.toThrow(
      "features must have more than 15 rows (neighbours), got 10",
    );
    const broken = [...features.slice(0, 20), Array(10).fill(Number.NaN)];
    await expect(umap(broken)).rejects.toThrow("umap: features must be finite, got NaN in row 20");
    await expect(umap(features, { minDistance: 2 })).rejects.toThrow("umap: minDistance must be in [0, 1], got 2");
    expect(() => umapPlot([[0, 1]], { labels: [] })).toThrow(
      "labels must have one entry per point, got 0 for 1 points",
    );
    expect(() =>
      umapPlot(
        [
          [0, 1],
          [Number.NaN, 0],
        ],
        { labels: [0, 0] },
      ),
    ).toThrow("got [NaN, 0] for point 1");
  });
});

describe("pairMatrices", () => {
  it("sorts by group, outlines the blocks and marks the positives", async () => {
    const table = sampleTable(12);
    const { spec } = await pairMatrices(table, { groupOf, classNames });
    const [similarity, target, prediction, force, dots] = spec.data as unknown as Trace[] as [
      Trace,
      Trace,
      Trace,
      Trace,
      Trace,
    ];
    expect([similarity, target, prediction, force].map(({ z }) => [z.length, z[0]?.length])).toEqual(
      Array(4).fill([24, 24]),
    );
    // Group 0 is items 0, 4, 8: first their view 0, then their view 1.
    const values = (await table.similarity.array()) as number[][];
    const order = [0, 4, 8, 12, 16, 20];
    const expected = order.map((row) =>
      order.map((column) => (row === column ? null : round(values[row]?.[column] as number))),
    );
    expect(similarity.z.slice(0, 6).map((row) => row.slice(0, 6))).toEqual(expected);
    const shapes = spec.layout["shapes"] as { x0: number; x1: number; y0: number; xref: string }[];
    expect(shapes).toHaveLength(4 * 4 * 2);
    expect(shapes[2]).toMatchObject({ x0: 5.5, x1: 11.5, y0: 5.5, xref: "x" });
    expect(dots.x).toHaveLength(24);
    expect(dots.x.every((x, index) => target.z[dots.y[index] as number]?.[x] === 0)).toBe(true); // log10 of 1
    expect(force["zmin"]).toBe(-(force["zmax"] as number));
  });

  it("draws some items of every class when there are many, and says so", async () => {
    const figure = await pairMatrices(sampleTable(40), { groupOf, classNames, limit: 16 });
    const [similarity] = figure.spec.data as unknown as [Trace];
    expect([similarity.z.length, similarity.z[0]?.length]).toEqual([16, 16]);
    expect(figure.summary).toContain("16 of 80 anchors × 16 of 80 candidates, evenly from all classes");
    const axis = figure.spec.layout["yaxis"] as { tickvals: number[]; ticktext: string[] };
    expect(axis).toMatchObject({ tickvals: [1.5, 5.5, 9.5, 13.5], ticktext: classNames });
  });

  it("leaves out what the method has not, and puts own keys and noise aside", async () => {
    const figure = await pairMatrices(sampleQueueTable(), { groupOf, classNames });
    expect(figure.summary).toContain("The method has no target and no prediction and no force.");
    const [similarity] = figure.spec.data as unknown as [Trace];
    expect([similarity.z.length, similarity.z[0]?.length]).toEqual([12, 2 + 1 + 40]);
    expect(similarity.z.every((row) => row[2] === null && row[0] === row[1] && row[0] !== null)).toBe(true);
    const { ticktext } = figure.spec.layout["xaxis"] as { ticktext: string[] };
    expect([ticktext[0], ticktext.at(-1)]).toEqual(["own key", "noise"]);
  });

  it("names the pair that is NaN", async () => {
    const { anchors, candidates, pairs, similarity } = sampleTable(4);
    const values = (await similarity.array()) as number[][];
    (values[3] as number[])[5] = Number.NaN;
    const broken = pairTable({ anchors, candidates, pairs, similarity: tensor2d(values) });
    await expect(pairMatrices(broken, { groupOf })).rejects.toThrow(
      new RangeError("pairMatrices: similarity must be finite, got NaN for anchor 3 and candidate 5"),
    );
  });
});

describe("positivePairs", () => {
  const refs = [0, 1].map((view) => [7, 9].map((item) => ({ item, view, parameters: {} })));
  const views = () => [0, 1].map((view) => tensor4d(new Float32Array(2 * 4 * 4 * 3).fill(view), [2, 4, 4, 3]));

  it("puts the views of an item side by side with their parameters in words", async () => {
    const figure = await positivePairs(views(), refs, { describe: ({ view }) => `crop ${view} <b>` });
    expect(figure.spec.layout["images"]).toHaveLength(4);
    const texts = (figure.spec.layout["annotations"] as { text: string }[]).map(({ text }) => text);
    expect(texts).toContain("<b>item 9</b>");
    expect(texts.filter((text) => text.includes("crop\u00a01\u00a0&lt;b&gt;"))).toHaveLength(2);
    expect(figure.summary).toContain("item 7: crop 0 <b> | crop 1 <b>");
    expect((await figure.toSvg()).match(/<image /g)).toHaveLength(4);
  });

  it("says what is wrong with its input", async () => {
    const [first] = views();
    await expect(positivePairs([first as never], refs)).rejects.toThrow("one entry per view, got 1 and 2");
    const wrong = tensor4d(new Float32Array(64), [2, 4, 4, 2]);
    await expect(positivePairs([wrong], [refs[0] as never])).rejects.toThrow("got [2, 4, 4, 2] and 2 refs");
  });
});

describe("falseNegativeBars", () => {
  const measures = { pressure: 0.3, relief: 0, repulsionShare: 0.2, chance: 0.1 };

  it("draws a bar for each measure and says what is not defined", () => {
    const figure = falseNegativeBars([{ name: "a", measures: { ...measures, relief: Number.NaN } }]);
    expect((figure.spec.data as unknown as Trace[]).map(({ y }) => y)).toEqual([[0.3], [null], [0.2]]);
    expect(figure.summary).toContain("a: pressure 0.3, relief not defined, repulsion share 0.2 (chance 0.1)");
  });

  it("rejects impossible measures", () => {
    expect(() => falseNegativeBars([])).toThrow("measures must have at least one method, got 0");
    expect(() => falseNegativeBars([{ name: "a", measures: { ...measures, pressure: -1 } }])).toThrow(
      'pressure of "a" must be >= 0 or NaN (not defined), got -1',
    );
  });
});

it("keeps class colours apart for normal and for deuteranope eyes", () => {
  // Viénot, Brettel & Mollon 1999: projection of linear RGB for deuteranopes.
  const linear = (hex: string) => [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
  const seen = ([r, g, b]: number[]) => {
    const [red, green, blue] = [r as number, g as number, b as number];
    return [0.29275 * red + 0.70725 * green, 0.29275 * red + 0.70725 * green, -0.02234 * red + 0.02234 * green + blue];
  };
  const apart = (a: number[], b: number[]) =>
    Math.hypot(...a.map((value, at) => Math.cbrt(value) - Math.cbrt(b[at] as number)));
  const colours = classColours.map(linear);
  for (const view of [(colour: number[]) => colour, seen]) {
    const least = Math.min(
      ...colours.flatMap((a, index) => colours.slice(index + 1).map((b) => apart(view(a), view(b)))),
    );
    expect(least).toBeGreaterThan(0.07);
  }
});

const round = (value: number) => Number(value.toPrecision(4));
