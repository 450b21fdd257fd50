import { describe, expect, test } from "vitest";
import { type ImageArray, shapes } from "../../src/data/index.js";

const imageOf = ({ images, imageShape: [h, w, c] }: ImageArray, index: number) =>
  images.subarray(index * h * w * c, (index + 1) * h * w * c);

describe("shapes", () => {
  const data = shapes({ count: 2000, seed: 3 });

  test("has one row per item in every column", () => {
    expect(data.imageShape).toEqual([32, 32, 3]);
    expect(data.images.length).toBe(2000 * 32 * 32 * 3);
    for (const column of [data.ids, data.labels, data.groups, ...Object.values(data.factors ?? {})]) {
      expect(column.length).toBe(2000);
    }
    expect(data.classNames).toHaveLength(10);
    expect(Array.from(data.factors?.["class"] ?? [])).toEqual(Array.from(data.labels));
    expect(Array.from(data.groups)).toEqual(Array.from(data.labels));
  });

  test("an item depends on seed and id alone", () => {
    const later = shapes({ count: 5, firstId: 1200, seed: 3 });
    expect(Array.from(later.ids)).toEqual([1200, 1201, 1202, 1203, 1204]);
    for (let index = 0; index < 5; index++) {
      expect(imageOf(later, index)).toEqual(imageOf(data, 1200 + index));
      expect(later.labels[index]).toBe(data.labels[1200 + index]);
    }
    expect(imageOf(shapes({ count: 1, seed: 4 }), 0)).not.toEqual(imageOf(data, 0));
  });

  test("no two images are the same", () => {
    const seen = new Set(
      Array.from({ length: 2000 }, (_, index) => Buffer.from(imageOf(data, index)).toString("base64")),
    );
    expect(seen.size).toBe(2000);
  });

  test("each class has its share", () => {
    const counts = new Array<number>(10).fill(0);
    for (const label of data.labels) counts[label] = (counts[label] ?? 0) + 1;
    // expected 200 each; chi-squared with 9 degrees of freedom stays below 33.7 in all but 1 of 10,000 seeds
    expect(counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)).toBeLessThan(33.7);
  });

  test("no factor depends on the class", () => {
    const { class: _, ...others } = data.factors ?? {};
    for (const [name, column] of Object.entries(others)) {
      const mean = average(column);
      const deviation = Math.sqrt(average(column.map((value) => (value - mean) ** 2)));
      for (let label = 0; label < 10; label++) {
        const own = column.filter((__, index) => data.labels[index] === label);
        const z = ((average(own) - mean) / deviation) * Math.sqrt(own.length);
        expect(Math.abs(z), `${name} in class ${label}`).toBeLessThan(4.5);
      }
    }
  });

  test("the shape stands out from its background", () => {
    const { lightness, backgroundLightness } = data.factors as Record<string, Float32Array>;
    lightness?.forEach((value, index) => {
      expect(Math.abs(value - (backgroundLightness?.[index] ?? value))).toBeGreaterThan(0.2);
    });
  });

  test("draws other sizes and fewer classes", () => {
    const few = shapes({ count: 60, size: 48, classes: 3 });
    expect(few.imageShape).toEqual([48, 48, 3]);
    expect(few.classNames).toEqual(["disc", "square", "triangle"]);
    expect(new Set(few.labels)).toEqual(new Set([0, 1, 2]));
  });

  test.each([
    [{ classes: 11 }, "shapes: classes must be in 2 … 10, got 11"],
    [{ classes: 1 }, "shapes: classes must be in 2 … 10, got 1"],
    [{ count: 0 }, "shapes: count must be an integer >= 1, got 0"],
    [{ size: 8 }, "shapes: size must be an integer >= 16, got 8"],
    [{ firstId: -1 }, "shapes: firstId must be an integer >= 0, got -1"],
  ])("rejects %j", (options, message) => {
    expect(() => shapes(options)).toThrow(message);
  });
});

function average(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
