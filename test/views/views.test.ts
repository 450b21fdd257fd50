import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import { batchOf, type ImageArray, shapes } from "../../src/data/index.js";
import { avgPool, memory, ones, type Tensor4D } from "../../src/engine/tensor.js";
import {
  colorJitter,
  cutout,
  describeView,
  equalize,
  gaussianBlur,
  horizontalFlip,
  makeView,
  normalize,
  type Policy,
  policies,
  policy,
  posterize,
  randomAffine,
  randomErasing,
  randomGrayscale,
  randomPerspective,
  randomResizedCrop,
  randomRotation,
  replay,
  solarize,
  type ViewRef,
  verticalFlip,
  withProbability,
} from "../../src/views/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";

useTestEngine();

const data = shapes({ count: 40, seed: 2, firstId: 100 });
const batch = batchOf(data, [...Array(33).keys()]);
const gray: ImageArray = { ...data, imageShape: [32, 96, 1] };
const everyPolicy: readonly Policy[] = [
  policies.simclr(),
  policies.moco({ blur: 0.5 }),
  ...policies.byol(),
  ...policies.swav().slice(1, 3),
  ...policies.dino({ localSize: 12 }).slice(0, 3),
  policies.weak(),
  policies.strong(),
  policies.sceWeak(),
  policies.sceStrong(),
  policies.supervised({ size: 24 }),
  policy(
    "the other augmentations",
    randomAffine({ degrees: 10, scale: [0.8, 1.2], shear: 10, interpolation: "bilinear" }),
    randomRotation({ degrees: 20, probability: 0.5 }),
    randomPerspective(),
    verticalFlip(),
    equalize(),
    posterize({ bits: 4 }),
    cutout({ probability: 0.5 }),
    randomErasing({ value: 0.5 }),
    withProbability({ ...horizontalFlip({ probability: 1 }), name: "mine" }, 0.5),
  ),
];
const normalized = policy("noise", randomErasing({ value: "noise" }), normalize({ mean: [0, 1, 2], std: [1, 2, 3] }));

async function bits(images: Tensor4D): Promise<Buffer> {
  const values = (await images.data()) as Float32Array;
  images.dispose();
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

describe("makeView and replay", () => {
  test.each([...everyPolicy, normalized].map((one) => [one.name, one] as const))(
    "%s: replays bit for bit, alone or together",
    async (_, one) => {
      const { images, refs } = makeView(batch, one, { seed: 7, view: 1, step: 12 });
      const { size } = refs[0]?.geometry?.steps.at(-1) ?? { size: [32, 32] };
      expect(images.shape).toEqual([33, ...size, 3]);
      const drawn = await bits(images);
      expect((await bits(replay(data, refs, one))).equals(drawn)).toBe(true);
      const extent = drawn.length / 33;
      for (const position of [0, 5, 32]) {
        const again = await bits(replay(data, refs[position] as (typeof refs)[number], one));
        expect(again.equals(drawn.subarray(position * extent, (position + 1) * extent))).toBe(true);
      }
    },
  );

  test("each view of a multi-crop recipe has its own size", () => {
    const sizes = (all: readonly Policy[]) =>
      all.map((one, view) => {
        const { images } = makeView(batch, one, { seed: 7, view, step: 0 });
        images.dispose();
        return images.shape[1];
      });
    expect(sizes(policies.swav())).toEqual([32, 32, 14, 14, 14, 14, 14, 14]);
    expect(sizes(policies.dino({ size: 40, localSize: 20, localCount: 2 }))).toEqual([40, 40, 20, 20]);
  });

  test("what is drawn for a view is stored as data", () => {
    const { images, refs } = makeView(batch, everyPolicy.at(-1) as Policy, { seed: 7, view: 0, step: 0 });
    images.dispose();
    expect(JSON.parse(JSON.stringify(refs))).toEqual(refs);
  });

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
    const [drawn] = makeView(batch, policies.simclr(), { seed: 0, view: 0, step: 0 }).refs;
    const flip = policy("flip", horizontalFlip());
    expect(() => replay(data, drawn as ViewRef, flip)).toThrow(
      'applyPolicy: policy "flip" must be the one the view was drawn by: that has "randomResizedCrop" parameters, too',
    );
    const half = {
      name: "half",
      draw: () => ({}),
      apply: (images: Tensor4D) => avgPool(images, 2, 2, "valid"),
      describe: () => "",
    };
    expect(() => makeView(batch, policy("mine", half), { seed: 0, view: 0, step: 0 })).toThrow(
      "applyPolicy: half.apply must give [33, 32, 32, 3], the size of its images (another needs sizeOf), got [33, 16, 16, 3]",
    );
    const right = { ...half, sizeOf: () => [16, 16] as const };
    expect(makeView(batch, policy("mine", right), { seed: 0, view: 0, step: 0 }).images.shape).toEqual([33, 16, 16, 3]);
  });
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
  const others = {
    randomRotation: { applied: true, angle: -12.34 },
    randomAffine: { applied: true, angle: 5, shift: [2, -1], scale: 1.1, shear: [3, 0] },
    randomPerspective: { applied: true, corners: [1, 2, 30, 0, 31, 31, 0, 30] },
    verticalFlip: { flipped: true },
    solarize: { applied: true, threshold: 0.5 },
    posterize: { applied: true, bits: 4 },
    equalize: { applied: true },
    randomErasing: { applied: true, top: 1, left: 2, height: 3, width: 4, noiseSeed: 0 },
    cutout: { applied: false, top: 0, left: 0, height: 3, width: 4 },
    normalize: {},
  };
  expect(describeView({ item: 3, view: 0, parameters: others })).toBe(
    "rotated −12.3°, affine (+5.0°, shift 2 -1, ×1.10, shear +3.0° +0.0°), perspective (1 2; 30 0; 31 31; 0 30), " +
      "upside down, solarized at 0.5, posterized to 4 bits, equalized, erased 4×3 at (2, 1)",
  );
  const crop = { applied: false, top: 7, left: 4, height: 20, width: 18 }; // as withProbability records it
  expect(describeView({ item: 3, view: 0, parameters: { randomResizedCrop: crop } })).toBe("unchanged");
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
  [() => colorJitter({ contrast: -1 }), "colorJitter: contrast must be >= 0 and finite, got -1"],
  [() => colorJitter({ brightness: Infinity }), "colorJitter: brightness must be >= 0 and finite, got Infinity"],
  [() => gaussianBlur({ kernelSize: 4 }), "gaussianBlur: kernelSize must be odd, got 4"],
  [() => gaussianBlur({ sigma: [0, 1] }), "gaussianBlur: sigma must be ascending, finite and > 0, got [0, 1]"],
  [
    () => gaussianBlur({ sigma: [1, Infinity] }),
    "gaussianBlur: sigma must be ascending, finite and > 0, got [1, Infinity]",
  ],
  [() => randomResizedCrop({ size: { share: 0 } }), "randomResizedCrop: share of the size must be > 0, got 0"],
  [
    () => randomResizedCrop().apply(ones([1, 4, 8, 1]), [{ top: 1, left: 0, height: 4, width: 8 }]),
    "randomResizedCrop: boxes must lie in the image of 8×4 px, got 8×4 at (0, 1)",
  ],
  [
    () => randomResizedCrop().apply(ones([1, 4, 8, 1]), [{ top: 1, left: 0, height: 0, width: 8 }]),
    "randomResizedCrop: boxes must lie in the image of 8×4 px, got 8×0 at (0, 1)",
  ],
  [() => policies.strong({ blur: -1 }), "strong: blur must be in [0, 1], got -1"],
  [() => policies.simclr({ blur: Number.NaN }), "simclr: blur must be in [0, 1], got NaN"],
  [() => verticalFlip({ probability: Number.NaN }), "verticalFlip: probability must be in [0, 1], got NaN"],
  [() => withProbability(horizontalFlip(), 1.5), "withProbability: probability must be in [0, 1], got 1.5"],
  [() => solarize({ threshold: 128 }), "solarize: threshold must be in [0, 1], got 128"],
  [() => solarize({ probability: 2 }), "solarize: probability must be in [0, 1], got 2"],
  [() => posterize({ bits: 9 }), "posterize: bits must be an integer in [0, 8], got 9"],
  [() => posterize({ bits: 4, probability: 2 }), "posterize: probability must be in [0, 1], got 2"],
  [() => equalize({ probability: 2 }), "equalize: probability must be in [0, 1], got 2"],
  [
    () => randomRotation({ degrees: -1 }),
    "randomRotation: degrees must be >= 0 and finite, or least and largest value, got -1",
  ],
  [
    () => randomRotation({ degrees: Infinity }),
    "randomRotation: degrees must be >= 0 and finite, or least and largest value, got Infinity",
  ],
  [() => randomRotation({ degrees: [10, -10] }), "randomRotation: degrees must be ascending and finite, got [10, -10]"],
  [() => randomRotation({ degrees: 5, probability: 2 }), "randomRotation: probability must be in [0, 1], got 2"],
  [() => randomRotation({ degrees: 5, fill: Number.NaN }), "randomRotation: fill must be finite, got NaN"],
  [
    () => randomRotation({ degrees: 5, interpolation: "cubic" as "nearest" }),
    'randomRotation: interpolation must be one of "nearest", "bilinear", got "cubic"',
  ],
  [() => randomAffine({ degrees: 5, translate: [0, 2] }), "randomAffine: translate must be in [0, 1], got 2"],
  [() => randomAffine({ degrees: 5, scale: [0, 1] }), "randomAffine: scale must be > 0, got 0"],
  [() => randomAffine({ degrees: 5, scale: [2, 1] }), "randomAffine: scale must be ascending, got [2, 1]"],
  [() => randomAffine({ degrees: 5, shearY: [2, 1] }), "randomAffine: shearY must be ascending and finite, got [2, 1]"],
  [() => randomPerspective({ distortion: 2 }), "randomPerspective: distortion must be in [0, 1], got 2"],
  [
    () => randomPerspective().draw(seededRandom(0), [1, 9, 3]),
    "randomPerspective: images must be at least 2×2 pixels, got 9×1",
  ],
  [() => randomErasing({ scale: [0.5, 0.2] }), "randomErasing: scale must be ascending in (0, 1], got [0.5, 0.2]"],
  [() => randomErasing({ ratio: [2, 1] }), "randomErasing: ratio must be ascending, got [2, 1]"],
  [() => randomErasing({ value: [0, Number.NaN] }), 'randomErasing: value must be finite, or "noise", got NaN'],
  [
    () => randomErasing({ value: [0, 1] }).apply(ones([1, 4, 8, 3]), []),
    "randomErasing: value must be a number or one for each of the image's 3 channels, got 2",
  ],
  [() => cutout({ size: 0 }), "cutout: size must be an integer >= 1, got 0"],
  [() => cutout({ value: Number.NaN }), "cutout: value must be finite, got NaN"],
  [() => normalize({ mean: [0], std: [1, 2] }), "normalize: mean and std must have one value per channel, got 1 and 2"],
  [() => normalize({ mean: [0], std: [0] }), "normalize: std must be > 0, got 0"],
  [
    () => normalize({ mean: [0], std: [1] }).apply(ones([1, 4, 8, 3]), [{}]),
    "normalize: mean and std must have one value for each of the image's 3 channels, got 1",
  ],
  [() => policies.swav({ localCount: -1 }), "swav: localCount must be an integer >= 0, got -1"],
  [
    () => {
      const half = withProbability(randomResizedCrop({ size: 4 }), 0.5);
      half.apply(ones([1, 8, 8, 1]), [{ applied: true, top: 0, left: 0, height: 8, width: 8 }]);
    },
    "withProbability: randomResizedCrop must keep the size of images that it is not always applied to, got 4×4 of 8×8",
  ],
  [
    () => gaussianBlur({ kernelSize: 9 }).apply(ones([1, 4, 8, 1]), [{ applied: true, sigma: 1 }]),
    "gaussianBlur: kernelSize must be < 8 for this image, got 9",
  ],
])("%s is rejected", (call, message) => {
  expect(call).toThrow(new RangeError(message));
});
