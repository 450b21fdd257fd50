import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import { batchOf, type ImageArray, shapes } from "../../src/data/index.js";
import { memory, ones, type Tensor4D } from "../../src/engine/tensor.js";
import {
  colorJitter,
  describeView,
  gaussianBlur,
  horizontalFlip,
  makeView,
  policies,
  policy,
  randomGrayscale,
  randomResizedCrop,
  replay,
} from "../../src/views/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";

useTestEngine();

const data = shapes({ count: 40, seed: 2, firstId: 100 });
const batch = batchOf(data, [...Array(33).keys()]);
const gray: ImageArray = { ...data, imageShape: [32, 96, 1] };
const everyPolicy = [policies.simclr(), policies.moco({ blur: 0.5 }), policies.sceWeak(), policies.sceStrong()];

async function bits(images: Tensor4D): Promise<Buffer> {
  const values = (await images.data()) as Float32Array;
  images.dispose();
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

describe("makeView and replay", () => {
  test.each(everyPolicy.map((one) => [one.name, one] as const))(
    "%s: replays bit for bit, alone or together",
    async (_, one) => {
      const { images, refs } = makeView(batch, one, { seed: 7, view: 1, step: 12 });
      expect(images.shape).toEqual([33, 32, 32, 3]);
      const drawn = await bits(images);
      expect((await bits(replay(data, refs, one))).equals(drawn)).toBe(true);
      const extent = drawn.length / 33;
      for (const position of [0, 5, 32]) {
        const again = await bits(replay(data, refs[position] as (typeof refs)[number], one));
        expect(again.equals(drawn.subarray(position * extent, (position + 1) * extent))).toBe(true);
      }
    },
  );

  test("gray images are replayed as well", async () => {
    const { images, refs } = makeView(batchOf(gray, [3, 1]), policies.sceStrong({ size: 24 }), {
      seed: 1,
      view: 0,
      step: 0,
    });
    expect(images.shape).toEqual([2, 24, 24, 1]);
    expect((await bits(images)).equals(await bits(replay(gray, refs, policies.sceStrong({ size: 24 }))))).toBe(true);
  });

  test("a view depends on seed, step, view and item, not on the rest of the batch", async () => {
    const parameters = (seed: number, view: number, step: number, positions = [4, 9]) => {
      const { images, refs } = makeView(batchOf(data, positions), policies.simclr(), { seed, view, step });
      images.dispose();
      return refs.map((ref) => JSON.stringify(ref.parameters));
    };
    expect(parameters(0, 0, 0, [9, 4])).toEqual(parameters(0, 0, 0).reverse());
    const all = [
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ].flatMap(([seed, view, step]) => parameters(seed as number, view as number, step as number));
    expect(new Set(all).size).toBe(8);
  });

  test("values stay in [0, 1] and no tensor is left behind", async () => {
    const before = memory().numTensors;
    for (const one of everyPolicy) {
      const { images } = makeView(batch, one, { seed: 3, view: 0, step: 0 });
      expect(memory().numTensors).toBe(before + 1);
      const values = (await images.data()) as Float32Array;
      expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values.subarray(0, 50_000))).toBeLessThanOrEqual(1 + 1e-6);
      images.dispose();
    }
    expect(memory().numTensors).toBe(before);
  });

  test("the policy `none` leaves images as they are", async () => {
    const { images, refs } = makeView(batch, policies.none(), { seed: 0, view: 0, step: 0 });
    const values = await images.data();
    images.dispose();
    expect(Array.from(values)).toEqual(Array.from(batch.images, (value) => Math.fround(value / 255)));
    expect(describeView(refs[0] as (typeof refs)[number])).toBe("unchanged");
  });

  test("says what does not fit", () => {
    const { images, refs } = makeView(batch, policies.sceWeak(), { seed: 0, view: 0, step: 0 });
    images.dispose();
    expect(() => replay(shapes({ count: 3 }), refs, policies.sceWeak())).toThrow(
      "replay: the data must contain item 100",
    );
    expect(() => replay(data, refs, policies.simclr())).toThrow(
      'applyPolicy: policy "simclr" must be the one the view was drawn by: it has no "colorJitter" parameters',
    );
  });
});

describe("what is drawn is distributed as stated", () => {
  const count = 20_000;
  const draw = <T>(one: { draw(random: ReturnType<typeof seededRandom>, shape: [number, number, number]): T }) =>
    // as in makeView: the first numbers of many streams, not many numbers of one stream
    Array.from({ length: count }, (_, item) => one.draw(seededRandom(1, 2, 0, item), [320, 320, 3]));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  /** Largest distance to the uniform distribution on [low, high]; 1.95/√n is exceeded by 1 seed in 1000. */
  const ks = (values: number[], low: number, high: number) =>
    Math.max(
      ...values.sort((a, b) => a - b).map((value, i) => Math.abs((value - low) / (high - low) - (i + 0.5) / count)),
    );
  const bound = 1.95 / Math.sqrt(count);

  test("crop: area, aspect, place", () => {
    const boxes = draw(randomResizedCrop({ scale: [0.2, 0.6] }));
    expect(
      ks(
        boxes.map(({ width, height }) => (width * height) / 320 ** 2),
        0.2,
        0.6,
      ),
    ).toBeLessThan(bound + 0.002); // whole pixels
    const aspects = boxes.map(({ width, height }) => Math.log(width / height));
    expect(ks(aspects, Math.log(3 / 4), Math.log(4 / 3))).toBeLessThan(bound + 0.01); // whole pixels
    for (const { top, left, height, width } of boxes) {
      expect(Math.min(top, left, 320 - top - height, 320 - left - width)).toBeGreaterThanOrEqual(0);
    }
    const [across, down] = [
      mean(boxes.map(({ left, width }) => left / (320 - width))),
      mean(boxes.map(({ top, height }) => top / (320 - height))),
    ];
    expect(Math.abs(across - 0.5)).toBeLessThan(0.015);
    expect(Math.abs(down - 0.5)).toBeLessThan(0.015);
    const x = boxes.map(({ left, width }) => left / (320 - width) - across);
    const y = boxes.map(({ top, height }) => top / (320 - height) - down);
    const correlation =
      mean(x.map((value, index) => value * (y[index] as number))) /
      Math.sqrt(mean(x.map((v) => v * v)) * mean(y.map((v) => v * v)));
    expect(Math.abs(correlation)).toBeLessThan(0.03);
  });

  test("a box that never fits falls back to the middle", () => {
    const { draw } = randomResizedCrop({ scale: [1, 1], ratio: [2, 2] });
    expect(draw(seededRandom(0), [32, 32, 3])).toEqual({ top: 8, left: 0, height: 16, width: 32 });
    expect(draw(seededRandom(0), [10, 100, 1])).toEqual({ top: 0, left: 40, height: 10, width: 20 });
  });

  test("jitter: factors, probability, all 24 orders", () => {
    const jitters = draw(colorJitter({ brightness: 0.4, contrast: 0.3, saturation: 1.5, hue: 0.1, probability: 0.8 }));
    expect(Math.abs(mean(jitters.map(({ applied }) => Number(applied))) - 0.8)).toBeLessThan(0.012);
    expect(
      ks(
        jitters.map(({ brightness }) => brightness),
        0.6,
        1.4,
      ),
    ).toBeLessThan(bound);
    expect(
      ks(
        jitters.map(({ contrast }) => contrast),
        0.7,
        1.3,
      ),
    ).toBeLessThan(bound);
    expect(
      ks(
        jitters.map(({ saturation }) => saturation),
        0,
        2.5,
      ),
    ).toBeLessThan(bound);
    expect(
      ks(
        jitters.map(({ hue }) => hue),
        -0.1,
        0.1,
      ),
    ).toBeLessThan(bound);
    const orders = new Map<string, number>();
    for (const { order } of jitters) orders.set(order.join(), (orders.get(order.join()) ?? 0) + 1);
    expect(orders.size).toBe(24);
    const expected = count / 24;
    // chi-squared with 23 degrees of freedom: 58.6 is exceeded by 1 seed in 17,000
    expect([...orders.values()].reduce((sum, own) => sum + (own - expected) ** 2 / expected, 0)).toBeLessThan(58.6);
  });

  test("flip, gray, blur", () => {
    const share = (flags: boolean[]) => mean(flags.map(Number));
    expect(Math.abs(share(draw(horizontalFlip()).map(({ flipped }) => flipped)) - 0.5)).toBeLessThan(0.014);
    expect(Math.abs(share(draw(randomGrayscale()).map(({ gray }) => gray)) - 0.2)).toBeLessThan(0.012);
    const blurs = draw(gaussianBlur({ probability: 0.3 }));
    expect(Math.abs(share(blurs.map(({ applied }) => applied)) - 0.3)).toBeLessThan(0.013);
    expect(
      ks(
        blurs.map(({ sigma }) => sigma),
        0.1,
        2,
      ),
    ).toBeLessThan(bound);
  });
});

test("policies are the papers' recipes", () => {
  const names = (one: ReturnType<typeof policies.simclr>) => one.augmentations.map(({ name }) => name);
  const colors = ["colorJitter", "randomGrayscale"];
  expect(names(policies.simclr())).toEqual(["randomResizedCrop", ...colors, "horizontalFlip"]);
  expect(names(policies.moco())).toEqual(["randomResizedCrop", ...colors, "horizontalFlip"]);
  expect(names(policies.sceWeak())).toEqual(["randomResizedCrop", "horizontalFlip"]);
  expect(names(policies.sceStrong())).toEqual(["randomResizedCrop", ...colors, "gaussianBlur", "horizontalFlip"]);
  const areas = (one: ReturnType<typeof policies.simclr>) =>
    Array.from(
      { length: 3000 },
      (_, item) => one.augmentations[0]?.draw(seededRandom(item), [96, 96, 3]) as { width: number; height: number },
    ).map(({ width, height }) => (width * height) / 96 ** 2);
  expect(Math.min(...areas(policies.simclr()))).toBeLessThan(0.1);
  expect(Math.min(...areas(policies.moco()))).toBeGreaterThan(0.19);
  expect(() => policy("twice", horizontalFlip(), horizontalFlip())).toThrow(
    'policy: augmentations must have different names, got "horizontalFlip" twice',
  );
});

test("describe says the parameters in words", () => {
  const parameters = {
    randomResizedCrop: { top: 7, left: 4, height: 20, width: 18 },
    colorJitter: { applied: true, brightness: 1.2, contrast: 0.806, saturation: 1, hue: -0.031, order: [3, 0, 1, 2] },
    randomGrayscale: { gray: true },
    gaussianBlur: { applied: false, sigma: 1 },
    horizontalFlip: { flipped: true },
    mine: { strength: 2 },
  };
  const ref = { item: 3, view: 0, parameters };
  const builtIn = "crop 18×20 at (4, 7), hue −0.03, brightness ×1.20, contrast ×0.81, saturation ×1.00, gray, flipped";
  expect(describeView(ref)).toBe(`${builtIn}, mine {"strength":2}`);
  const mine = { ...horizontalFlip(), name: "mine", describe: () => "twice as strong" };
  expect(describeView(ref, policy("own", mine))).toBe(`${builtIn}, twice as strong`);
});

test.each([
  [() => randomResizedCrop({ scale: [0.2, 2] }), "randomResizedCrop: scale must be ascending in (0, 1], got [0.2, 2]"],
  [() => randomResizedCrop({ ratio: [2, 1] }), "randomResizedCrop: ratio must be ascending, got [2, 1]"],
  [() => randomResizedCrop({ size: 0 }), "randomResizedCrop: size must be an integer >= 1, got 0"],
  [() => horizontalFlip({ probability: 2 }), "horizontalFlip: probability must be in [0, 1], got 2"],
  [() => randomGrayscale({ probability: -1 }), "randomGrayscale: probability must be in [0, 1], got -1"],
  [() => colorJitter({ hue: 1 }), "colorJitter: hue must be in [0, 0.5], got 1"],
  [() => colorJitter({ contrast: -1 }), "colorJitter: contrast must be >= 0, got -1"],
  [() => gaussianBlur({ kernelSize: 4 }), "gaussianBlur: kernelSize must be odd, got 4"],
  [() => gaussianBlur({ sigma: [0, 1] }), "gaussianBlur: sigma must be ascending and > 0, got [0, 1]"],
  [
    () => gaussianBlur({ kernelSize: 9 }).apply(ones([1, 4, 8, 1]), [{ applied: true, sigma: 1 }]),
    "gaussianBlur: kernelSize must be < 8 for this image, got 9",
  ],
])("%s is rejected", (call, message) => {
  expect(call).toThrow(new RangeError(message));
});
