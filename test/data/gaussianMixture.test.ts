import { describe, expect, test } from "vitest";
import { type GaussianMixtureOptions, gaussianMixture, type VectorDataset } from "../../src/data/index.js";
import { chiSquared, correlation } from "./statistics.js";

const all = ({ size }: VectorDataset) => Int32Array.from({ length: size }, (_, at) => at);
const rows = (values: Float32Array, dimensions: number) =>
  Array.from({ length: values.length / dimensions }, (_, at) =>
    values.subarray(at * dimensions, (at + 1) * dimensions),
  );
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.sqrt(Array.from(a).reduce((sum, value, axis) => sum + (value - (b[axis] as number)) ** 2, 0));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const rms = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => value * value)));

/** Middles of the items that share a key. */
async function middles(data: VectorDataset, key: (at: number) => number): Promise<number[][]> {
  const sums = new Map<number, { sum: number[]; count: number }>();
  for (const [at, row] of rows(await data.read(all(data)), data.dimensions).entries()) {
    const { sum, count } = sums.get(key(at)) ?? { sum: new Array(data.dimensions).fill(0), count: 0 };
    sums.set(key(at), { sum: sum.map((value, axis) => value + (row[axis] as number)), count: count + 1 });
  }
  return [...sums].sort(([a], [b]) => a - b).map(([, { sum, count }]) => sum.map((value) => value / count));
}

const pairs = <T>(values: readonly T[]) =>
  values.flatMap((one, at) => values.slice(0, at).map((other) => [one, other] as const));

describe("gaussianMixture", () => {
  test("an item depends on its id and the options alone", async () => {
    const options: GaussianMixtureOptions = { seed: 4, modes: 3, manifold: "spiral", longTail: 1 };
    const [whole, part] = [
      gaussianMixture({ ...options, count: 50 }),
      gaussianMixture({ ...options, count: 5, firstId: 40 }),
    ];
    expect(await part.read([0, 4, 0])).toEqual(await whole.read([40, 44, 40]));
    expect([...part.ids]).toEqual([40, 41, 42, 43, 44]);
    for (const name of ["class", "mode", "along"]) {
      expect(part.factors?.[name]).toEqual(whole.factors?.[name]?.slice(40, 45));
    }
    expect(part.groups).toEqual(part.labels);
    expect(await gaussianMixture({ ...options, seed: 5 }).read([0])).not.toEqual(await whole.read([0]));
  });

  test("classes follow the power law; modes are equally likely", () => {
    const { labels, factors } = gaussianMixture({ count: 20_000, classes: 4, modes: 3, longTail: 1 });
    const shares = [1, 1 / 2, 1 / 3, 1 / 4].map((weight) => weight / (25 / 12));
    expect(chiSquared(labels, shares)).toBeLessThan(21.2); // 3 degrees of freedom, 1 of 10,000 seeds
    expect(chiSquared(factors?.["mode"] as Float32Array, [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(18.5); // 2 of them
    const same = mean(pairs([...labels.subarray(0, 1000)]).map(([a, b]) => Number(a === b)));
    expect(same).toBeCloseTo(
      shares.reduce((sum, share) => sum + share * share, 0),
      1,
    );
  });

  test("distances between classes, between modes and within a mode are those asked for", async () => {
    const options = { count: 12_000, dimensions: 32, classes: 12, modes: 4, between: 40, within: 12, spread: 2 };
    const data = gaussianMixture(options);
    const mode = (at: number) => 4 * (data.labels[at] as number) + (data.factors?.["mode"]?.[at] as number);
    const found = await middles(data, mode);
    const classes = Array.from({ length: 12 }, (_, label) => found.slice(4 * label, 4 * label + 4));
    const within = rms(classes.flatMap((modes) => pairs(modes).map(([a, b]) => distance(a, b))));
    expect(Math.abs(within / 12 - 1)).toBeLessThan(0.1);
    const one = gaussianMixture({ ...options, modes: 1, within: undefined as never });
    const between = rms(pairs(await middles(one, (at) => one.labels[at] as number)).map(([a, b]) => distance(a, b)));
    expect(Math.abs(between / 40 - 1)).toBeLessThan(0.1);
    const vectors = rows(await data.read(all(data)), 32);
    const spread = rms(
      vectors.flatMap((row, at) => [...row].map((value, axis) => value - (found[mode(at)]?.[axis] as number))),
    );
    expect(spread).toBeCloseTo(2, 1);
  });

  test.each(["moon", "spiral", "filament"] as const)(
    "a %s reaches as far as asked, and `along` says where",
    async (manifold) => {
      const data = gaussianMixture({ count: 2000, classes: 2, manifold, reach: 10, spread: 0.01, between: 0 });
      const vectors = rows(await data.read(all(data)), 16).filter((_, at) => data.labels[at] === 0);
      const along = data.factors?.["along"]?.filter((_, at) => data.labels[at] === 0) ?? [];
      const lengths = vectors.map((row) => Math.hypot(...row)); // the middle of both classes is the origin
      expect(Math.max(...lengths)).toBeLessThan(10.1);
      expect(Math.max(...lengths)).toBeGreaterThan(9.8);
      const expected = {
        moon: () => 1,
        spiral: (t: number) => 0.15 + 0.85 * t,
        filament: (t: number) => Math.abs(2 * t - 1),
      };
      lengths.forEach((length, at) => {
        expect(Math.abs(length - 10 * expected[manifold](along[at] as number))).toBeLessThan(0.1);
      });
    },
  );

  test("views add noise of their own, the same each time", async () => {
    const data = gaussianMixture({ count: 1000, viewNoise: 0.3 });
    const items = await data.read(all(data));
    const view = (seed: number, step: number, number: number) => data.readView(all(data), { seed, step, view: number });
    const [one, again, other] = [await view(1, 2, 0), await view(1, 2, 0), await view(1, 2, 1)];
    expect(one).toEqual(again);
    const noise = one.map((value, at) => value - (items[at] as number));
    const others = other.map((value, at) => value - (items[at] as number));
    expect(rms([...noise])).toBeCloseTo(0.3, 2);
    expect(Math.abs(correlation(noise, others))).toBeLessThan(0.05);
    expect(await data.readView([7], { seed: 1, step: 2, view: 0 })).toEqual(one.slice(7 * 16, 8 * 16));
  });

  test.each([
    [{ classes: 1 }, "gaussianMixture: classes must be an integer >= 2, got 1"],
    [{ dimensions: 1 }, "gaussianMixture: dimensions must be an integer >= 2, got 1"],
    [{ spread: -1 }, "gaussianMixture: spread must be >= 0 and finite, got -1"],
    [{ spread: Infinity }, "gaussianMixture: spread must be >= 0 and finite, got Infinity"],
    [{ longTail: 9 }, "gaussianMixture: longTail must be in [0, 4], got 9"],
    [
      { manifold: "knot" as "moon" },
      'gaussianMixture: manifold must be one of "point", "moon", "spiral", "filament", got "knot"',
    ],
    [{ within: 3 }, "gaussianMixture: within needs modes of at least 2, got within 3 without"],
    [{ reach: 3 }, "gaussianMixture: reach needs a manifold other than point, got reach 3 without"],
    [{ count: 0 }, "gaussianMixture: count must be an integer >= 1, got 0"],
  ] as [GaussianMixtureOptions, string][])("rejects %j", (options, message) => {
    expect(() => gaussianMixture(options)).toThrow(new RangeError(message));
  });

  test("positions are checked", async () => {
    await expect(gaussianMixture({ count: 3 }).read([3])).rejects.toThrow(
      "read: indices must be in [0, 2] (the data's size is 3), got 3",
    );
  });
});
