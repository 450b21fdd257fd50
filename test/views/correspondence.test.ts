import { describe, expect, test } from "vitest";
import { batchOf, fromArrays } from "../../src/data/index.js";
import type { Tensor4D } from "../../src/engine/tensor.js";
import {
  type Augmentation,
  colorJitter,
  correspondence,
  horizontalFlip,
  makeView,
  type Policy,
  policies,
  policy,
  randomAffine,
  randomPerspective,
  randomResizedCrop,
  randomRotation,
  type ViewRef,
  verticalFlip,
} from "../../src/views/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";

useTestEngine();

const [height, width] = [40, 56];

/** Images whose two first channels say where each pixel is, as shares of height and width. */
const map = fromArrays({
  images: Uint8Array.from({ length: 6 * height * width * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3) % (height * width);
    return [4 * (pixel % width) + 20, 5 * Math.floor(pixel / width) + 20, 255][at % 3] as number;
  }),
  imageShape: [height, width, 3],
  labels: new Int32Array(6),
});

interface Drawn {
  readonly ref: ViewRef;
  readonly values: Float32Array;
  readonly size: readonly [number, number];
}

async function draw(one: Policy, view: number): Promise<Drawn[]> {
  const { images, refs } = makeView(batchOf(map, [0, 1, 2, 3, 4, 5]), one, { seed: 4, view, step: 0 });
  const [, tall, wide] = (images as Tensor4D).shape;
  const all = (await images.data()) as Float32Array;
  images.dispose();
  const extent = tall * wide * 3;
  return refs.map((ref, at) => ({ ref, values: all.subarray(at * extent, (at + 1) * extent), size: [tall, wide] }));
}

/** x and y in the image as a view's pixels say them, bilinear between pixels; `undefined` where fill is mixed in. */
function place({ values, size }: Drawn, x: number, y: number): readonly [number, number] | undefined {
  const [tall, wide] = size;
  const [column, row] = [
    Math.min(Math.max(0, Math.floor(x)), wide - 2),
    Math.min(Math.max(0, Math.floor(y)), tall - 2),
  ];
  const [right, down] = [Math.min(1, Math.max(0, x - column)), Math.min(1, Math.max(0, y - row))];
  let sums = [0, 0, 0];
  for (const [dx, dy] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    const weight = (dx ? right : 1 - right) * (dy ? down : 1 - down);
    const at = ((row + dy) * wide + column + dx) * 3;
    if ((values[at + 2] as number) < 0.9999) return undefined;
    sums = sums.map((sum, channel) => sum + weight * (values[at + channel] as number) * 255);
  }
  return [((sums[0] as number) - 20) / 4, ((sums[1] as number) - 20) / 5];
}

const warps = { interpolation: "bilinear" } as const;
const crop = (size: number) => randomResizedCrop({ size, scale: [0.3, 0.9], antialias: false });
const pairs: [string, Policy, Policy][] = [
  ["crops and flips", policy("a", crop(32), horizontalFlip()), policy("b", crop(20), verticalFlip(), horizontalFlip())],
  [
    "rotation, then crop; crop, then rotation",
    policy("a", randomRotation({ degrees: 40, ...warps }), crop(30)),
    policy("b", crop(34), randomRotation({ degrees: 180, ...warps })),
  ],
  [
    "affine and perspective",
    policy("a", randomAffine({ degrees: 30, translate: [0.1, 0.1], scale: [0.8, 1.3], shear: 10, ...warps })),
    policy("b", randomPerspective({ distortion: 0.4, probability: 1 }), horizontalFlip(), crop(40)),
  ],
  ["the image itself", policies.none(), policy("b", verticalFlip({ probability: 1 }), colorJitter({ probability: 0 }))],
];

describe("given the parameters, a pixel and what it corresponds to show the same place of the image", () => {
  test.each(pairs)("%s", async (_, one, other) => {
    const [a, b] = [await draw(one, 0), await draw(other, 1)];
    let compared = 0;
    let worst = 0;
    for (const [item, from] of a.entries()) {
      const to = b[item] as Drawn;
      const found = correspondence(from.ref, to.ref);
      const [tall, wide] = from.size;
      expect(found).toHaveLength(2 * tall * wide);
      for (let row = 1; row < tall - 1; row++) {
        for (let column = 1; column < wide - 1; column++) {
          const at = 2 * (row * wide + column);
          const [x, y] = [found[at] as number, found[at + 1] as number];
          const here = place(from, column, row);
          if (Number.isNaN(x) || !here) continue;
          const there = place(to, x, y);
          if (!there || !away([x, y], to.size) || !away([here[0], here[1]], [height, width])) continue;
          worst = Math.max(worst, Math.hypot(here[0] - there[0], here[1] - there[1]));
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
    expect(worst).toBeLessThan(0.12); // bilinear sampling of perspective maps, which are not linear within a pixel
  });

  /** At borders pixels are repeated, or mixed with the fill value. */
  function away([x, y]: readonly [number, number], [tall, wide]: readonly [number, number]): boolean {
    return x > 1 && x < wide - 2 && y > 1 && y < tall - 2;
  }
});

test("what one view does not show of the other is NaN, and there is such", async () => {
  const [a, b] = [await draw(policy("a", crop(32)), 0), await draw(policy("b", crop(32)), 1)];
  const found = a.map(({ ref }, item) => correspondence(ref, (b[item] as Drawn).ref));
  for (const [item, places] of found.entries()) {
    const [from, to] = [a, b].map(
      (views) => views[item]?.ref.parameters["randomResizedCrop"] as Record<string, number>,
    );
    if (!from || !to) throw new Error("no crop was drawn");
    for (let at = 0; at < 32 * 32; at++) {
      const [x, y] = [
        (((at % 32) + 0.5) * (from["width"] as number)) / 32 + (from["left"] as number),
        ((Math.floor(at / 32) + 0.5) * (from["height"] as number)) / 32 + (from["top"] as number),
      ];
      const shown =
        x >= (to["left"] as number) &&
        x <= (to["left"] as number) + (to["width"] as number) &&
        y >= (to["top"] as number) &&
        y <= (to["top"] as number) + (to["height"] as number);
      expect([Number.isNaN(places[2 * at]), Number.isNaN(places[2 * at + 1])]).toEqual([!shown, !shown]);
    }
  }
  expect(found.some((places) => places.some(Number.isNaN))).toBe(true);
});

test("what a warp has pushed out of its frame does not come back by a later one", () => {
  const turned = { applied: true, angle: 180 };
  const shifted = { applied: true, angle: 0, shift: [30, 0], scale: 1, shear: [0, 0] };
  const one = policy("a", randomAffine({ degrees: 0 }), randomRotation({ degrees: 0 }));
  const from: readonly [number, number, number] = [10, 40, 1];
  const [shift, turn] = one.augmentations.map(({ toSource }, at) => toSource?.([shifted, turned][at] as never, from));
  if (!shift || !turn) throw new Error("both move pixels");
  const steps = [
    { size: [10, 40], toSource: shift },
    { size: [10, 40], toSource: turn },
  ] as const;
  const view = { item: 1, view: 0, parameters: {}, geometry: { imageSize: [10, 40], steps } } as const;
  const image = { item: 1, view: 1, parameters: {}, geometry: { imageSize: [10, 40], steps: [] } } as const;
  const back = correspondence(image, view);
  const shown = Array.from({ length: 40 }, (_, x) => !Number.isNaN(back[2 * x]));
  expect(shown.flatMap((is, x) => (is ? [x] : []))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(Array.from(back.subarray(0, 2))).toEqual([expect.closeTo(9, 4), expect.closeTo(9, 4)]);
});

test("what changes the size by a rule of its own leaves each pixel in its place", async () => {
  const corner: Augmentation = {
    name: "corner",
    draw: () => ({}),
    apply: (images) => images.slice([0, 0, 0, 0], [-1, 16, 24, -1]),
    describe: () => "the corner",
    sizeOf: () => [16, 24],
  };
  const [[cut], [flipped]] = [
    await draw(policy("a", corner), 0),
    await draw(policy("b", horizontalFlip({ probability: 1 })), 1),
  ];
  if (!cut || !flipped) throw new Error("no view was drawn");
  const places = correspondence(cut.ref, cut.ref);
  expect(places).toHaveLength(2 * 16 * 24);
  expect(Array.from(places.subarray(2 * 25, 2 * 26))).toEqual([1, 1]);
  const back = correspondence(flipped.ref, cut.ref);
  expect(Array.from(back.subarray(2 * (width - 1), 2 * width))).toEqual([0, 0]);
  expect(back[0]).toBeNaN();
});

test("a coarse grid has the middles of its cells; mistakes are named", async () => {
  const [[none], [flipped]] = [
    await draw(policies.none(), 0),
    await draw(policy("b", horizontalFlip({ probability: 1 })), 1),
  ];
  if (!none || !flipped) throw new Error("no view was drawn");
  expect(Array.from(correspondence(none.ref, flipped.ref, { grid: [1, 2] }))).toEqual([41.5, 19.5, 13.5, 19.5]);
  expect(() => correspondence(none.ref, { ...flipped.ref, item: 5 })).toThrow(
    "correspondence: views must be of one item, got 0 and 5",
  );
  expect(() => correspondence(none.ref, flipped.ref, { grid: [0, 2] })).toThrow(
    "correspondence: rows of the grid must be an integer >= 1, got 0",
  );
  const { geometry: _, ...bare } = flipped.ref;
  expect(() => correspondence(none.ref, bare)).toThrow(
    "correspondence: views must be drawn by makeView, got view 1 of item 0 without geometry",
  );
});
