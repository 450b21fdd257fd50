import { describe, expect, test } from "vitest";
import { type ImageArray, isImageArray, loadBatch, type ShapesOptions, shapes, subset } from "../../src/data/index.js";
import { chiSquared, correlation } from "./statistics.js";

const imageOf = ({ images, imageShape: [h, w, c] }: ImageArray, index: number) =>
  images.subarray(index * h * w * c, (index + 1) * h * w * c);
const factor = (data: { factors?: Readonly<Record<string, Float32Array>> }, name: string) =>
  data.factors?.[name] as Float32Array;
const distance = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] as number)), 0) / a.length;

/** Everything at once. */
const everything = {
  size: 24,
  classes: 5,
  looks: 2,
  longTail: 1,
  correlated: { hue: 0.8, texture: 0.5, scale: 1 },
  fixed: { rotation: 0.3 },
  nearDuplicates: 0.2,
  glyphs: 0.3,
  transforms: ["rotate", "hue", "noise", "elastic"],
  seed: 5,
} satisfies ShapesOptions;

describe("shapes({ lazy: true })", () => {
  test("draws the same images when they are read, few here and many in threads, and the loop goes on", async () => {
    const options = { ...everything, count: 300 };
    const [whole, lazy] = [shapes(options), shapes({ ...options, lazy: true })];
    expect(isImageArray(lazy)).toBe(false);
    expect(lazy.factors).toEqual(whole.factors);
    expect([lazy.ids, lazy.labels, lazy.groups]).toEqual([whole.ids, whole.labels, whole.groups]);
    const all = await loadBatch(lazy, whole.ids);
    expect(Buffer.from(all.images).equals(whole.images)).toBe(true);
    expect((await loadBatch(lazy, [250, 3, 250])).images).toEqual(
      Uint8Array.from([250, 3, 250].flatMap((at) => [...imageOf(whole, at)])),
    );
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const many = await loadBatch(
      subset(lazy, { from: 100 }),
      Int32Array.from({ length: 200 }, (_, at) => at),
    );
    clearInterval(timer);
    expect(Buffer.from(many.images).equals(whole.images.subarray(100 * 24 * 24 * 3))).toBe(true);
    expect(turns).toBeGreaterThan(2);
  });

  test("reads at once, from many sides, do not mix", async () => {
    const [whole, lazy] = [shapes({ count: 400, size: 16 }), shapes({ count: 400, size: 16, lazy: true })];
    const reads = await Promise.all(
      Array.from({ length: 6 }, (_, at) => loadBatch(lazy, whole.ids.subarray(60 * at, 60 * at + 60))),
    );
    reads.forEach(({ images }, at) => {
      expect(Buffer.from(images).equals(whole.images.subarray(60 * at * 768, (60 * at + 60) * 768))).toBe(true);
    });
  });
});

test("an item depends on its id and the options alone, whichever they are", () => {
  const whole = shapes({ ...everything, count: 90 });
  const part = shapes({ ...everything, count: 7, firstId: 80 });
  for (let index = 0; index < 7; index++) {
    expect(imageOf(part, index)).toEqual(imageOf(whole, 80 + index));
    for (const name of Object.keys(whole.factors ?? {})) {
      expect(factor(part, name)[index]).toBe(factor(whole, name)[80 + index]);
    }
  }
});

describe("classes", () => {
  test("a long tail follows the power law", () => {
    const { labels } = shapes({ count: 20_000, longTail: 1.5, classes: 6, lazy: true });
    const weights = Array.from({ length: 6 }, (_, label) => (label + 1) ** -1.5);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    // chi-squared with 5 degrees of freedom stays below 25.7 in all but 1 of 10,000 seeds
    expect(
      chiSquared(
        labels,
        weights.map((weight) => weight / total),
      ),
    ).toBeLessThan(25.7);
  });

  test("looks share a class and a group, and are equally likely", () => {
    const data = shapes({ count: 9000, classes: 3, looks: 3, lazy: true });
    expect(data.classNames).toEqual([
      "disc or star or heart",
      "square or cross or crescent",
      "triangle or ring or arrow",
    ]);
    const both = data.labels.map((label, at) => 3 * label + (factor(data, "look")[at] as number));
    expect(chiSquared(both, new Array(9).fill(1 / 9))).toBeLessThan(31.8); // 8 degrees of freedom
    expect(data.groups).toEqual(data.labels);
    const [disc, star] = [shapes({ count: 400, classes: 5, looks: 2 }), shapes({ count: 400, classes: 5 })];
    const second = disc.ids.find(
      (at) => factor(disc, "look")[at] === 1 && disc.labels[at] === star.labels[at],
    ) as number;
    expect(imageOf(disc, second)).not.toEqual(imageOf(star, second)); // the other look
    const first = disc.ids.find(
      (at) => factor(disc, "look")[at] === 0 && disc.labels[at] === star.labels[at],
    ) as number;
    expect(imageOf(disc, first)).toEqual(imageOf(star, first));
  });
});

describe("correlated and fixed factors", () => {
  const inSlice = (data: ReturnType<typeof shapes>, name: string, low: number, high: number) => {
    const classes = data.classNames.length;
    const slices = factor(data, name).map((value) => Math.floor(((value - low) / (high - low)) * classes));
    return slices.filter((slice, at) => slice === data.labels[at]).length / data.size;
  };

  test.each([0, 0.5, 0.9, 1])("hue tells the class with probability %d beyond chance", (probability) => {
    const data = shapes({ count: 5000, correlated: { hue: probability }, lazy: true });
    const expected = probability + (1 - probability) / 10;
    expect(Math.abs(inSlice(data, "hue", 0, 1) - expected)).toBeLessThan(4.5 * Math.sqrt(0.25 / 5000));
    expect(Math.abs(correlation(factor(data, "scale"), data.labels))).toBeLessThan(0.06); // the others stay as they were
    const plain = shapes({ count: 5000, lazy: true });
    expect(factor(data, "rotation")).toEqual(factor(plain, "rotation"));
  });

  test("one that is undefined is as if it were not given", () => {
    const not = undefined as unknown as number;
    const given = shapes({ count: 20, correlated: { hue: not }, fixed: { scale: not, rotation: not, texture: not } });
    expect(given.images).toEqual(shapes({ count: 20 }).images);
  });

  test("each factor can be tied to the class", () => {
    const names = ["hue", "backgroundHue", "rotation", "scale"] as const;
    const ranges = { hue: [0, 1], backgroundHue: [0, 1], rotation: [-Math.PI / 6, Math.PI / 6], scale: [0.3, 0.43] };
    for (const name of names) {
      const data = shapes({ count: 300, correlated: { [name]: 1 }, lazy: true });
      expect(inSlice(data, name, ...(ranges[name] as [number, number]))).toBeGreaterThan(0.99); // float32 at the edges
    }
    const kinds = shapes({ count: 300, correlated: { texture: 1, background: 1, lightness: 1 }, lazy: true });
    kinds.labels.forEach((label, at) => {
      expect(factor(kinds, "texture")[at]).toBe(label % 5);
      expect(factor(kinds, "background")[at]).toBe(label % 4);
      const [object, ground] = [
        factor(kinds, "lightness")[at] as number,
        factor(kinds, "backgroundLightness")[at] as number,
      ];
      expect(object > ground).toBe(label % 2 === 0);
    });
    const placed = shapes({ count: 2000, correlated: { positionX: 1, scale: 0.5 }, lazy: true });
    expect(correlation(factor(placed, "positionX"), placed.labels)).toBeGreaterThan(0.9);
    expect(Math.abs(correlation(factor(placed, "positionY"), placed.labels))).toBeLessThan(0.1);
  });

  test("fixed ones have their value, near-duplicates included", () => {
    const fixed = { hue: 0.25, lightness: 0.5, texture: 2, positionX: 0.4, scale: 0.35, rotation: 0 };
    const data = shapes({ count: 200, fixed, nearDuplicates: 0.5, lazy: true });
    for (const [name, value] of Object.entries(fixed)) {
      expect(new Set(factor(data, name))).toEqual(new Set([Math.fround(value)]));
    }
  });
});

describe("near-duplicates", () => {
  const data = shapes({ count: 1500, nearDuplicates: 0.3, seed: 4 });
  const original = factor(data, "original");

  test("are as many as asked for, and repeat an earlier item that repeats none", () => {
    const repeats = original.filter((id, at) => id !== at);
    expect(Math.abs(repeats.length / 1500 - 0.3)).toBeLessThan(4.5 * Math.sqrt((0.3 * 0.7) / 1500));
    original.forEach((id, at) => {
      expect(id).toBeLessThanOrEqual(at);
      expect(original[id]).toBe(id);
      expect(data.labels[id]).toBe(data.labels[at]);
    });
  });

  test("look alike, but are not the same", () => {
    const pairs = [...original.entries()].filter(([at, id]) => id !== at);
    const near = pairs.map(([at, id]) => distance(imageOf(data, at), imageOf(data, id)));
    expect(Math.min(...near)).toBeGreaterThan(0);
    const far = pairs.map(([at]) => distance(imageOf(data, at), imageOf(data, (at + 70) % 1500)));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(near)).toBeLessThan(0.2 * mean(far));
  });
});

test("glyphs are digits over as many images as asked for, independent of the class", () => {
  const data = shapes({ count: 4000, glyphs: 0.5, lazy: true });
  const glyphs = factor(data, "glyph");
  const written = [...glyphs.keys()].filter((at) => (glyphs[at] as number) >= 0);
  expect(Math.abs(written.length / 4000 - 0.5)).toBeLessThan(4.5 * Math.sqrt(0.25 / 4000));
  expect(
    chiSquared(
      written.map((at) => glyphs[at] as number),
      new Array(10).fill(0.1),
    ),
  ).toBeLessThan(33.7);
  expect(
    Math.abs(
      correlation(
        written.map((at) => glyphs[at] as number),
        written.map((at) => data.labels[at] as number),
      ),
    ),
  ).toBeLessThan(0.1);
  const [with30, without] = [shapes({ count: 30, glyphs: 0.5 }), shapes({ count: 30 })];
  for (let at = 0; at < 30; at++) {
    const same = Buffer.from(imageOf(with30, at)).equals(imageOf(without, at));
    expect(same).toBe((glyphs[at] as number) < 0);
  }
});

test.each([
  [{ looks: 6 }, "shapes: looks must be in 1 … 5, got 6"],
  [{ looks: 3, classes: 4 }, "shapes: classes must be in 2 … 3 with 3 looks each, got 4"],
  [{ longTail: -1 }, "shapes: longTail must be in [0, 4], got -1"],
  [{ nearDuplicates: 1 }, "shapes: nearDuplicates must be in [0, 0.9], got 1"],
  [{ glyphs: 2 }, "shapes: glyphs must be in [0, 1], got 2"],
  [
    { seed: 2 ** 64 },
    "shapes: seed must be an integer from -9007199254740991 to 9007199254740991, got 18446744073709552000",
  ],
  [{ seed: 0.5 }, "shapes: seed must be an integer from -9007199254740991 to 9007199254740991, got 0.5"],
  [{ correlated: { hue: 2 } }, "shapes: correlated.hue must be in [0, 1], got 2"],
  [
    { correlated: { color: 1 } },
    'shapes: factors must be of hue, lightness, texture, positionX, positionY, scale, rotation, background, backgroundHue, got "color"',
  ],
  [{ correlated: { hue: 1 }, fixed: { hue: 0.5 } }, "shapes: hue must be either correlated or fixed, got both"],
  [{ fixed: { texture: 7 } }, "shapes: fixed.texture must be in [0, 4], got 7"],
  [{ fixed: { scale: 0 } }, "shapes: fixed.scale must be > 0, got 0"],
  [{ transforms: [["rotate"]] }, "shapes: transforms must be one list or one per class (10), got 1"],
  [{ transforms: ["rotate", "rotate"] }, 'shapes: transforms must name each once, got "rotate" twice'],
  [
    { transforms: ["melt"] },
    'shapes: transforms must be of translate, rotate, scale, verticalFlip, horizontalFlip, shear, hue, brightness, gray, posterize, invert, sharpen, blur, noise, pixelate, elastic, erase, contrast, got "melt"',
  ],
] as [ShapesOptions, string][])("rejects %j", (options, message) => {
  expect(() => shapes({ ...options, lazy: true })).toThrow(new RangeError(message));
});

test("another texture changes no pixel of the background", () => {
  const [one, other] = [shapes({ count: 60 }), shapes({ count: 60, fixed: { texture: 2 } })];
  const corners = [0, 31, 31 * 32, 32 * 32 - 1].flatMap((pixel) => [3 * pixel, 3 * pixel + 1, 3 * pixel + 2]);
  const atCorners = ({ images }: ImageArray, item: number) => corners.map((at) => images[item * 3072 + at]);
  expect(one.images).not.toEqual(other.images);
  for (let item = 0; item < 60; item++) expect(atCorners(one, item)).toEqual(atCorners(other, item));
});
