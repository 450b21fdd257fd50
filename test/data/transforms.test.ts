import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import { type ImageArray, shapes } from "../../src/data/index.js";
import { paintObject } from "../../src/data/shapes/canvas.js";
import { emptyLayer, type Layer } from "../../src/data/shapes/layer.js";
import { coverageOf } from "../../src/data/shapes/paints.js";
import { shapeTransforms, type TransformName, transformNames } from "../../src/data/shapes/transforms.js";

const imageOf = ({ images }: ImageArray, index: number) => images.subarray(index * 3072, (index + 1) * 3072);
const size = 32;
const center = { x: 15, y: 17 };

/** An arrow in two tones. */
function arrow(): Layer {
  const layer = emptyLayer(size);
  const pose = { positionX: center.x / size, positionY: center.y / size, scale: 0.3, rotation: 0.4 };
  paintObject(
    layer,
    { colors: [200, 60, 20, 90, 130, 220], pattern: (x) => (x < 15 ? 0 : 1) },
    coverageOf(8, pose, size),
  );
  return layer;
}

const apply = (name: TransformName, parameters: readonly number[], layer = arrow()) =>
  shapeTransforms[name].apply(layer, parameters, { center, random: seededRandom(1) });
const at = ({ values }: Layer, x: number, y: number) => [
  ...values.subarray((y * size + x) * 4, (y * size + x) * 4 + 4),
];
const area = ({ values }: Layer) => values.reduce((sum, value, index) => sum + (index % 4 === 3 ? value : 0), 0);
/** Mean place of the object, px. */
function middle({ values }: Layer): [number, number] {
  let [x, y, sum] = [0, 0, 0];
  for (let offset = 3; offset < values.length; offset += 4) {
    const pixel = (offset - 3) / 4;
    x += (values[offset] as number) * ((pixel % size) + 0.5);
    y += (values[offset] as number) * (Math.floor(pixel / size) + 0.5);
    sum += values[offset] as number;
  }
  return [x / sum, y / sum];
}
/** Middle of a disc, px, on a ground of one colour. */
function discIn({ images }: ImageArray, item: number): [number, number] {
  const pixels = images.subarray(item * 64 * 64 * 3, (item + 1) * 64 * 64 * 3);
  let [x, y, sum] = [0, 0, 0];
  for (let at = 0; at < 64 * 64; at++) {
    const differs = Math.abs((pixels[3 * at] as number) - (pixels[0] as number)) > 20 ? 1 : 0;
    x += differs * ((at % 64) + 0.5);
    y += differs * (Math.floor(at / 64) + 0.5);
    sum += differs;
  }
  return [x / sum, y / sum];
}
const differs = (a: Layer, b: Layer) =>
  Math.max(...a.values.map((value, index) => Math.abs(value - (b.values[index] as number))));

test("there are eighteen, of three kinds", () => {
  expect(transformNames).toHaveLength(18);
});

describe.each(transformNames)("%s", (name) => {
  const { identity, draw, parameters = [""] } = shapeTransforms[name];

  test("changes nothing with the parameters that say so, and something with others", () => {
    expect(identity).toHaveLength(parameters.length);
    expect(differs(apply(name, identity), arrow())).toBeLessThan(1e-9);
    const random = seededRandom(3);
    const drawn = Array.from({ length: 20 }, () => draw(random));
    expect(drawn.every((values) => values.length === parameters.length)).toBe(true);
    const changing = drawn.filter((values) =>
      values.some((value, index) => Math.abs(value - (identity[index] as number)) > 1e-3),
    );
    for (const values of changing) expect(differs(apply(name, values), arrow())).toBeGreaterThan(0); // a blur of a tenth of a pixel nearly nothing
    expect(changing.length).toBeGreaterThan(4);
  });

  test("keeps colors and alpha in their ranges, and leaves its source alone", () => {
    const [random, source] = [seededRandom(4), arrow()];
    for (let index = 0; index < 10; index++) {
      const { values } = apply(name, draw(random), source);
      const outside = values.filter((value, at) => {
        const most = at % 4 === 3 ? 1 : 255 * (values[at - (at % 4) + 3] as number);
        return value < -1e-9 || value > most + 1e-6;
      });
      expect(outside).toHaveLength(0);
    }
    expect(source).toEqual(arrow());
  });
});

describe("geometric transformations", () => {
  const [x, y] = middle(arrow());

  test("move, turn and mirror about the middle of the object", () => {
    expect(middle(apply("translate", [0.125, -0.0625]))[0]).toBeCloseTo(x + 4, 6);
    expect(middle(apply("translate", [0.125, -0.0625]))[1]).toBeCloseTo(y - 2, 6);
    expect(middle(apply("horizontalFlip", [1]))[0]).toBeCloseTo(2 * center.x - x, 6);
    expect(middle(apply("verticalFlip", [1]))[1]).toBeCloseTo(2 * center.y - y, 6);
    const quarter = middle(apply("rotate", [Math.PI / 2])); // counter-clockwise: what was to the right is above
    expect(quarter[0] - center.x).toBeCloseTo(y - center.y, 6);
    expect(quarter[1] - center.y).toBeCloseTo(center.x - x, 6);
    expect(differs(apply("horizontalFlip", [1], apply("horizontalFlip", [1])), arrow())).toBeLessThan(1e-9);
  });

  test.each(["rotate", "scale", "verticalFlip", "horizontalFlip"] as const)(
    "after translate, %s is about where the object is then",
    (next) => {
      const pose = { positionX: 0.5, positionY: 0.5, scale: 0.3, texture: 0, background: 0, lightness: 0.85 };
      const fixed = { ...pose, hue: 0.3, backgroundHue: 0.3 };
      const options = { count: 40, seed: 1, size: 64, classes: 2, fixed, transforms: ["translate", next] } as const;
      const data = shapes(options);
      for (let item = 0; item < data.size; item++) {
        if (data.labels[item] !== 0) continue; // discs
        const [x, y] = discIn(data, item);
        const moved = (axis: "x" | "y") =>
          64 * (0.5 + (data.factors?.[`transform.translate.${axis}`]?.[item] as number));
        expect(Math.hypot(x - moved("x"), y - moved("y"))).toBeLessThan(0.3);
      }
    },
  );

  test("scale changes the area as its square, shear and rotation keep it", () => {
    expect(area(apply("scale", [0.5])) / area(arrow())).toBeCloseTo(0.25, 1);
    expect(area(apply("rotate", [1])) / area(arrow())).toBeCloseTo(1, 1);
    expect(area(apply("shear", [0.5, -0.3])) / area(arrow())).toBeCloseTo(1, 1);
  });
});

describe("photometric transformations", () => {
  const color = (layer: Layer) => at(layer, 10, 17).map((value) => Math.round(value)); // inside the shaft, first tone

  test("do what their names say", () => {
    expect(color(arrow())).toEqual([200, 60, 20, 1]);
    expect(color(apply("brightness", [0.5]))).toEqual([100, 30, 10, 1]);
    expect(color(apply("invert", [1]))).toEqual([55, 195, 235, 1]);
    expect(color(apply("posterize", [1]))).toEqual([128, 0, 0, 1]);
    const gray = Math.round(0.299 * 200 + 0.587 * 60 + 0.114 * 20);
    expect(color(apply("gray", [1]))).toEqual([gray, gray, gray, 1]);
    expect(color(apply("hue", [1 / 3]))).toEqual([20, 200, 60, 1]);
    expect(color(apply("hue", [-1 / 3]))).toEqual([60, 20, 200, 1]);
    expect(apply("contrast", [0]).values[(17 * size + 10) * 4]).toBeCloseTo(
      apply("contrast", [0]).values[(17 * size + 17) * 4] as number,
      6,
    );
  });

  test("leave the outline as it is", () => {
    for (const name of ["hue", "brightness", "gray", "posterize", "invert", "sharpen", "noise", "contrast"] as const) {
      const { values } = apply(
        name,
        shapeTransforms[name].identity.map((value) => value / 2 + 0.3),
      );
      expect(values.filter((_, index) => index % 4 === 3)).toEqual(
        arrow().values.filter((_, index) => index % 4 === 3),
      );
    }
  });
});

describe("in a data set", () => {
  const plain = shapes({ count: 40 });

  test("each has columns; the background stays", () => {
    const data = shapes({ count: 40, transforms: ["brightness"] });
    const factors = data.factors?.["transform.brightness"] as Float32Array;
    expect(new Set(factors).size).toBe(40);
    for (let index = 0; index < 40; index++) {
      expect(imageOf(data, index).subarray(0, 3)).toEqual(imageOf(plain, index).subarray(0, 3)); // a corner
      expect(Buffer.from(imageOf(data, index)).equals(imageOf(plain, index))).toBe(false);
    }
  });

  test("another seed transforms the same objects otherwise", () => {
    const [one, other] = [1, 2].map((transformSeed) =>
      shapes({ count: 40, transforms: ["rotate"], transformSeed }),
    ) as [ImageArray, ImageArray];
    expect(one.factors?.["hue"]).toEqual(other.factors?.["hue"]);
    expect(one.factors?.["transform.rotate"]).not.toEqual(other.factors?.["transform.rotate"]);
    expect(one.images).not.toEqual(other.images);
  });

  test("a class can have its own", () => {
    const data = shapes({ count: 60, classes: 3, transforms: [["rotate"], ["translate"], []] });
    const factors = data.factors as Record<string, Float32Array>;
    expect(Object.keys(factors).filter((name) => name.startsWith("transform"))).toEqual([
      "transform.translate.x",
      "transform.translate.y",
      "transform.rotate",
    ]);
    data.labels.forEach((label, index) => {
      expect(factors["transform.rotate"]?.[index] !== 0).toBe(label === 0);
      expect(factors["transform.translate.x"]?.[index] !== 0).toBe(label === 1);
    });
    const still = shapes({ count: 60, classes: 3 });
    const untouched = [...data.labels.keys()].filter((index) => data.labels[index] === 2);
    for (const index of untouched) expect(imageOf(data, index)).toEqual(imageOf(still, index));
  });
});
