import { beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import { registerComposedKernels } from "../../src/engine/fused/composedKernels.js";
import { engine } from "../../src/engine/index.js";
import { setBackend, type Tensor4D, tensor4d } from "../../src/engine/tensor.js";
import {
  type Augmentation,
  colorJitter,
  cutout,
  equalize,
  gaussianBlur,
  horizontalFlip,
  normalize,
  posterize,
  randomAffine,
  randomErasing,
  randomGrayscale,
  randomPerspective,
  randomResizedCrop,
  randomRotation,
  solarize,
  verticalFlip,
} from "../../src/views/index.js";
import { type Call, torchvision } from "./torchvision.js";

interface Case extends Call {
  readonly name: string;
  /** What Kontrast makes of the same images. */
  readonly ours: (images: Tensor4D) => Tensor4D;
  /** Largest difference; default 1e-5. */
  readonly tolerance?: number;
}

const random = seededRandom(5);
const adjusted = ["adjust_brightness", "adjust_contrast", "adjust_saturation", "adjust_hue"];

/** Random colours, with some exact grays, blacks, whites and equal channels, where hue is easily wrong. */
function noisy(shape: readonly [number, number, number, number]): Float32Array {
  const levels = [0, 0, 0.5, 1];
  const values = new Float32Array(shape[0] * shape[1] * shape[2] * shape[3]);
  for (let pixel = 0; pixel < values.length; pixel += shape[3]) {
    const edge = random.chance(0.2);
    for (let channel = 0; channel < shape[3]; channel++) {
      values[pixel + channel] = edge ? (levels[random.integer(4)] as number) : random.uniform();
    }
  }
  return values;
}

/** Draws parameters for each image and says the same in torchvision's words. */
function drawn<P extends Parameters<Augmentation["describe"]>[0]>(
  name: string,
  augmentation: Augmentation<P>,
  shape: readonly [number, number, number, number],
  inTorchvision: (parameters: P) => Call["steps"][number],
): Case {
  const [batch, ...imageShape] = shape;
  const parameters = Array.from({ length: batch }, () => augmentation.draw(random, imageShape));
  return {
    name,
    images: noisy(shape),
    shape,
    steps: parameters.map(inTorchvision),
    ours: (images) => augmentation.apply(images, parameters),
  };
}

const crop =
  (size: number, antialias = true) =>
  (box: { top: number; left: number; height: number; width: number }) =>
    [["resized_crop", box.top, box.left, box.height, box.width, [size, size], antialias]] as const;

const jitter = (colored: boolean) => (p: ReturnType<ReturnType<typeof colorJitter>["draw"]>) => {
  if (!p.applied) return [];
  const factors = [p.brightness, p.contrast, p.saturation, p.hue];
  const order = p.order.filter((change) => colored || change < 2);
  return order.map((change) => [adjusted[change] as string, factors[change] as number] as const);
};

const cases: Case[] = [
  drawn("crop, enlarged", randomResizedCrop({ scale: [0.05, 0.6] }), [24, 32, 32, 3], crop(32)),
  drawn("crop, made smaller", randomResizedCrop({ size: 13, scale: [0.5, 1] }), [8, 32, 32, 3], crop(13)),
  drawn("crop, a third of the size", randomResizedCrop({ size: { share: 1 / 3 } }), [8, 33, 33, 1], crop(11)),
  {
    ...drawn("crop, made smaller, of images of Pillow", randomResizedCrop({ size: 9 }), [8, 32, 27, 3], (box) => [
      ["resized_crop_of_pillow", box.top, box.left, box.height, box.width, [9, 9]],
    ]),
    tolerance: 1.6 / 255, // bytes at the start, after the rows and at the end
  },
  drawn(
    "crop, made smaller without antialias",
    randomResizedCrop({ size: 13, scale: [0.5, 1], antialias: false }),
    [8, 32, 32, 3],
    crop(13, false),
  ),
  drawn("crop of an oblong gray image", randomResizedCrop({ size: 20 }), [8, 17, 29, 1], crop(20)),
  drawn(
    "crop of one pixel",
    randomResizedCrop({ size: 5, scale: [1e-6, 0.004], ratio: [1, 1] }),
    [8, 16, 16, 3],
    crop(5),
  ),
  drawn("flip", horizontalFlip(), [9, 7, 6, 3], ({ flipped }) => (flipped ? [["hflip"]] : [])),
  drawn("vertical flip", verticalFlip(), [9, 7, 6, 3], ({ flipped }) => (flipped ? [["vflip"]] : [])),
  drawn("colour jitter", colorJitter({ hue: 0.5 }), [64, 16, 16, 3], jitter(true)),
  drawn(
    "strong colour jitter",
    colorJitter({ brightness: 2, contrast: 2, saturation: 2 }),
    [32, 9, 9, 3],
    jitter(true),
  ),
  drawn("colour jitter of gray images", colorJitter(), [12, 9, 9, 1], jitter(false)),
  drawn("grayscale", randomGrayscale({ probability: 0.5 }), [9, 7, 6, 3], ({ gray }) =>
    gray ? [["rgb_to_grayscale", 3]] : [],
  ),
  drawn("blur", gaussianBlur(), [12, 16, 15, 3], (p) => (p.applied ? [["gaussian_blur", 3, p.sigma]] : [])),
  drawn("wide blur of gray images", gaussianBlur({ kernelSize: 9 }), [6, 12, 14, 1], (p) =>
    p.applied ? [["gaussian_blur", 9, p.sigma]] : [],
  ),
  drawn("solarize", solarize({ threshold: 0.4 }), [9, 7, 6, 3], (p) => (p.applied ? [["solarize", p.threshold]] : [])),
  ...[0, 3, 6].map((bits) =>
    drawn(`posterize to ${bits} bits`, posterize({ bits, probability: 0.8 }), [6, 7, 6, 3], (p) =>
      p.applied ? [["posterize", bits]] : [],
    ),
  ),
  drawn("equalize", equalize(), [9, 31, 26, 3], (p) => (p.applied ? [["equalize"]] : [])),
  drawn("equalize of small gray images", equalize(), [9, 17, 16, 1], (p) => (p.applied ? [["equalize"]] : [])),
  ...(["nearest", "bilinear"] as const).flatMap((interpolation) => [
    drawn(
      `rotation, ${interpolation}`,
      randomRotation({ degrees: 180, interpolation, fill: 0.25, probability: 0.8 }),
      [24, 16, 21, 3],
      (p) => (p.applied ? [["rotate", p.angle, interpolation, 0.25]] : []),
    ),
    drawn(
      `affine, ${interpolation}`,
      randomAffine({
        degrees: [-60, 90],
        translate: [0.3, 0.2],
        scale: [0.5, 2],
        shear: [-20, 40],
        shearY: 15,
        interpolation,
        fill: 0.5,
      }),
      [24, 17, 22, 3],
      (p) => [["affine", p.angle, p.shift, p.scale, p.shear, interpolation, 0.5]],
    ),
  ]),
  drawn("perspective", randomPerspective({ fill: 0.5 }), [24, 20, 23, 3], (p) =>
    p.applied ? [["perspective", p.corners, 0.5]] : [],
  ),
  drawn("random erasing", randomErasing({ value: [0.1, 0.2, 0.3] }), [12, 9, 11, 3], (p) =>
    p.applied ? [["erase", p.top, p.left, p.height, p.width, [0.1, 0.2, 0.3]]] : [],
  ),
  drawn("cutout", cutout({ probability: 0.7, value: 0.5 }), [12, 9, 11, 3], (p) =>
    p.applied ? [["erase", p.top, p.left, p.height, p.width, [0.5]]] : [],
  ),
  drawn("normalize", normalize({ mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25] }), [3, 4, 5, 3], () => [
    ["normalize", [0.4, 0.5, 0.6], [0.2, 0.3, 0.25]],
  ]),
];

let expected: ReturnType<typeof torchvision>;
beforeAll(() => {
  expected = torchvision(cases);
});

// All engines at hand, not the one in use alone: each has its own code for crops and colours. And tfjs's own backend for
// the CPU with the composed kernels, which the engines webgpu and tensorflow have.
const engines = (await engine.list()).filter(({ available }) => available).map(({ name }) => name);
const composed = "the composed kernels";
/** tfjs's Transform on its CPU backend changes the first image of a batch alone; these cases have no kernel of ours. */
const warped = /^(rotation|affine|perspective)/;

describe.each([...engines, composed])("on %s, given the parameters, values equal torchvision's", (name) => {
  beforeAll(async () => {
    if (name === composed) {
      registerComposedKernels("cpu");
      await setBackend("cpu");
    } else await engine.use(name);
  });

  const listed = cases.map((one, index) => [one.name, index] as const);
  test.each(listed.filter(([of]) => name !== composed || !warped.test(of)))("%s", async (_, index) => {
    const { images, shape, ours, tolerance = 1e-5 } = cases[index] as Case;
    const view = ours(tensor4d(images, [...shape]));
    const wanted = expected[index] as (typeof expected)[number];
    expect(view.shape).toEqual(wanted.shape);
    const values = await view.data();
    let worst = 0;
    values.forEach((value, at) => {
      worst = Math.max(worst, Math.abs(value - (wanted.values[at] as number)));
    });
    expect(worst).toBeLessThan(tolerance);
    expect(Math.max(...values.map((value, at) => Math.abs(value - (images[at] ?? 0))))).toBeGreaterThan(0.01); // it did something
  });
});
