import { describe, expect, test } from "vitest";
import { isImageArray, loadBatch, type SceneAnnotation, type ScenesOptions, scenes } from "../../src/data/index.js";
import { sceneItem } from "../../src/data/scenes/item.js";
import { sceneWorld } from "../../src/data/scenes/world.js";
import { coverageOf } from "../../src/data/shapes/paints.js";
import { silhouetteNames } from "../../src/data/shapes/silhouettes.js";
import { chiSquared } from "./statistics.js";

const all = ({ size }: { readonly size: number }) => Array.from({ length: size }, (_, at) => at);
/** Perceived lightness, [0, 1]: L of Oklab (Ottosson 2020). */
function lightnessOf(bytes: Uint8Array, pixel: number): number {
  const linear = (channel: number) => {
    const value = (bytes[3 * pixel + channel] as number) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const [red, green, blue] = [linear(0), linear(1), linear(2)];
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short;
}

describe("scenes", () => {
  const data = scenes({ count: 400, seed: 2, overlap: 0.4 });
  const annotations = data.annotations(all(data));
  const extent = 64 * 64;
  const imageOf = (at: number) => data.images.subarray(at * extent * 3, (at + 1) * extent * 3);

  test("an item depends on its id and the options alone; drawn when read, it is the same", async () => {
    const lazy = scenes({ count: 100, firstId: 300, seed: 2, overlap: 0.4, lazy: true });
    expect(isImageArray(lazy)).toBe(false);
    const { images } = await loadBatch(lazy, all(lazy));
    expect(Buffer.from(images).equals(data.images.subarray(300 * extent * 3))).toBe(true);
    expect(lazy.annotations([7])).toEqual([annotations[307]]);
    expect([...lazy.groups]).toEqual([...data.groups.subarray(300)]);
    expect(scenes({ count: 1, seed: 3 }).images).not.toEqual(imageOf(0));
  });

  test("columns say what the annotations say", () => {
    annotations.forEach(({ id, objects }, at) => {
      expect(id).toBe(data.ids[at]);
      expect(data.factors?.["objects"]?.[at]).toBe(objects.length);
      data.classNames.forEach((name, label) => {
        const count = objects.filter((object) => object.class === label).length;
        expect(data.factors?.[`contains.${name}`]?.[at]).toBe(count);
        expect(((data.groups[at] as number) >> label) & 1).toBe(Math.min(1, count));
      });
      const largest = objects.toSorted((a, b) => b.scale - a.scale)[0];
      expect(data.labels[at]).toBe(largest?.class);
    });
    const counts = annotations.map(({ objects }) => objects.length - 1);
    expect(chiSquared(counts, new Array(4).fill(0.25))).toBeLessThan(21.2); // 3 degrees of freedom, 1 of 10,000 seeds
    const classes = annotations.flatMap(({ objects }) => objects.map((object) => object.class));
    expect(chiSquared(classes, new Array(10).fill(0.1))).toBeLessThan(33.7);
  });

  test("boxes are tight around the mask, and count what is seen", () => {
    for (const { objects, mask } of annotations) {
      objects.forEach(({ box, visible, area }, number) => {
        const pixels = all({ size: extent }).filter((pixel) => mask[pixel] === number + 1);
        expect(pixels).toHaveLength(visible);
        expect(visible).toBeLessThanOrEqual(area);
        const [columns, rows] = [pixels.map((pixel) => pixel % 64), pixels.map((pixel) => Math.floor(pixel / 64))];
        expect(box).toEqual({
          left: Math.min(...columns),
          top: Math.min(...rows),
          width: Math.max(...columns) - Math.min(...columns) + 1,
          height: Math.max(...rows) - Math.min(...rows) + 1,
        });
      });
    }
  });

  test("masks are true to the pixels: light inside, dark outside, blended at the edge alone", () => {
    annotations.forEach(({ mask }, at) => {
      const image = imageOf(at);
      const isEdge = (pixel: number) =>
        [-65, -64, -63, -1, 1, 63, 64, 65].some((step) => (mask[pixel + step] ?? mask[pixel]) !== mask[pixel]);
      let [darkest, lightest] = [1, 0];
      mask.forEach((number, pixel) => {
        if (isEdge(pixel)) return;
        const value = lightnessOf(image, pixel);
        if (number > 0) darkest = Math.min(darkest, value);
        else lightest = Math.max(lightest, value);
      });
      expect(darkest, `scene ${at}`).toBeGreaterThan(lightest);
    });
  });

  test("a box of search holds all that a silhouette covers", () => {
    silhouetteNames.forEach((_, silhouette) => {
      const coverage = coverageOf(silhouette, { positionX: 0.5, positionY: 0.5, scale: 0.1, rotation: 0.4 }, 64);
      for (let pixel = 0; pixel < extent; pixel++) {
        const [x, y] = [(pixel % 64) + 0.5, Math.floor(pixel / 64) + 0.5];
        if (Math.max(Math.abs(x - 32), Math.abs(y - 32)) > 1.2 * 6.4 + 1) expect(coverage(x, y)).toBe(0);
      }
    });
  });
});

describe("scenes' knobs", () => {
  const hidden = ({ objects }: SceneAnnotation) => objects.some(({ visible, area }) => visible < area);
  const share = (options: ScenesOptions) => {
    const data = scenes({ count: 300, objects: [4, 4], lazy: true, ...options });
    return data.annotations(all(data)).filter(hidden).length / 300;
  };

  test("objects hide each other only where overlap lets them", () => {
    expect(share({ overlap: 0 })).toBe(0);
    expect(share({ overlap: 0.7 })).toBeGreaterThan(share({ overlap: 0.3 }));
    expect(share({ overlap: 0.7 })).toBeGreaterThan(0.2);
  });

  test("eight objects find room, if smaller", () => {
    const data = scenes({ count: 30, objects: [8, 8], lazy: true });
    for (const { objects } of data.annotations(all(data))) {
      expect(objects).toHaveLength(8);
      expect(objects.every(({ visible, area }) => visible === area && visible > 10)).toBe(true);
    }
  });

  test("a catalogue's objects come back in other scenes, with the same looks, and never twice in one", () => {
    const data = scenes({ count: 200, catalogue: 20, lazy: true });
    const looks = new Map<number, string>();
    for (const { objects } of data.annotations(all(data))) {
      expect(new Set(objects.map(({ entry }) => entry)).size).toBe(objects.length);
      for (const { entry, class: label, hue, texture, lightness } of objects) {
        expect(label).toBe(entry % 10);
        const look = `${label} ${hue} ${texture} ${lightness}`;
        expect(looks.get(entry) ?? look).toBe(look);
        looks.set(entry, look);
      }
    }
    expect(looks.size).toBe(20);
    const [free] = scenes({ count: 1, lazy: true }).annotations([0]);
    expect(free?.objects.every(({ entry }) => entry === -1)).toBe(true);
  });

  test("objects are apart as the world says", () => {
    const world = sceneWorld({ objects: [3, 3], overlap: 0.25 });
    for (let id = 0; id < 100; id++) {
      const { objects } = sceneItem(world, id);
      objects.forEach((one, number) => {
        for (const other of objects.slice(0, number)) {
          const distance = Math.hypot(one.positionX - other.positionX, one.positionY - other.positionY);
          expect(distance).toBeGreaterThanOrEqual(0.75 * (one.scale + other.scale));
        }
      });
    }
  });

  test.each([
    [{ classes: 11 }, "scenes: classes must be in 2 … 10, got 11"],
    [{ size: 16 }, "scenes: size must be an integer >= 32, got 16"],
    [{ objects: [3, 2] }, "scenes: objects must be fewest and most, within 1 … 8, got [3, 2]"],
    [{ objects: [1, 9] }, "scenes: objects must be fewest and most, within 1 … 8, got [1, 9]"],
    [{ overlap: 1 }, "scenes: overlap must be in [0, 0.7], got 1"],
    [{ catalogue: 3 }, "scenes: catalogue must be an integer >= 4, got 3"],
    [{ count: 0 }, "scenes: count must be an integer >= 1, got 0"],
  ] as [ScenesOptions, string][])("rejects %j", (options, message) => {
    expect(() => scenes(options)).toThrow(new RangeError(message));
  });

  test("annotations are asked for by position", () => {
    expect(() => scenes({ count: 3, lazy: true }).annotations([3])).toThrow(
      "annotations: indices must be in [0, 2] (the data's size is 3), got 3",
    );
  });
});
