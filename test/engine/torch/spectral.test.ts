import { describe, expect, test } from "vitest";
import {
  complex,
  fft,
  ifft,
  imag,
  irfft,
  randomNormal,
  real,
  rfft,
  signal,
  sub,
  type Tensor,
  type Tensor1D,
  tensor2d,
  transpose,
  zeros,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { expectNumpy, hasNumpy, numpy } from "./numpy.js";

// Fourier transforms of every kind of length: powers of two, products of small primes, primes small and large.
await start();

const lengths = [1, 2, 3, 5, 8, 12, 17, 31, 60, 64, 97, 243, 1000, 1009, 2 * 1009, 4096];
const normal = (shape: number[], seed: number) => randomNormal(shape, 0, 1, "float32", seed);
const rows = (length: number) => complex(normal([3, length], length), normal([3, length], length + 1));

interface Transform {
  readonly title: string;
  readonly expression: string;
  readonly x: Tensor;
  readonly run: (x: Tensor) => Tensor;
}

const transforms: readonly Transform[] = [
  ...lengths.flatMap((length): Transform[] => [
    { title: `fft of ${length}`, expression: "np.fft.fft(x)", x: rows(length), run: fft },
    { title: `ifft of ${length}`, expression: "np.fft.ifft(x)", x: rows(length), run: ifft },
    { title: `rfft of ${length}`, expression: "np.fft.rfft(x)", x: normal([3, length], length), run: (x) => rfft(x) },
  ]),
  ...[3, 5, 17, 33].map((length): Transform => {
    const x = complex(normal([2, length], 1), normal([2, length], 2));
    return { title: `irfft of ${length}`, expression: "np.fft.irfft(x)", x, run: irfft };
  }),
  { title: "fft of a vector", expression: "np.fft.fft(x)", x: rows(7).gather(0), run: fft },
  { title: "fft of three axes", expression: "np.fft.fft(x)", x: rows(20).reshape([3, 4, 5]), run: fft },
  { title: "rfft, cut", expression: "np.fft.rfft(x, 5)", x: normal([2, 9], 3), run: (x) => rfft(x, 5) },
  { title: "rfft, padded", expression: "np.fft.rfft(x, 13)", x: normal([2, 9], 3), run: (x) => rfft(x, 13) },
  {
    title: "fft along both axes",
    expression: "np.fft.fft2(x)",
    x: rows(10),
    run: (x) => transpose(fft(transpose(fft(x)))),
  },
  {
    title: "stft with Hann windows",
    expression:
      "np.stack([np.fft.rfft(x[s:s + 24] * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(24) / 24)), 32)" +
      " for s in range(0, 77, 12)])",
    x: normal([100], 4),
    run: (x) => signal.stft(x as Tensor1D, 24, 12),
  },
];

describe.skipIf(!hasNumpy)("against NumPy", () => {
  const expected = hasNumpy ? numpy(transforms.map(({ expression, x }) => ({ expression, inputs: { x } }))) : [];
  for (const [i, { title, x, run }] of transforms.entries()) {
    test(title, () => expectNumpy(run(x), expected[i]));
  }
});

test("ifft is the inverse of fft", () => {
  const x = rows(1009);
  const difference = sub(ifft(fft(x)), x);
  expect(difference.abs().max().dataSync()[0]).toBeLessThan(2e-6);
});

test("equals the sum of the definition", () => {
  const x = [1, -2, 0.5, 3, -1];
  const transform = fft(complex(x, zeros([5])));
  for (let k = 0; k < 5; k++) {
    const angle = (n: number) => (-2 * Math.PI * k * n) / 5;
    const re = x.reduce((sum, value, n) => sum + value * Math.cos(angle(n)), 0);
    const im = x.reduce((sum, value, n) => sum + value * Math.sin(angle(n)), 0);
    expect(real(transform).dataSync()[k]).toBeCloseTo(re, 5);
    expect(imag(transform).dataSync()[k]).toBeCloseTo(im, 5);
  }
});

test.each([[[0, 8]], [[2, 0]], [[0]]])("of the empty tensor %j is empty", (shape) => {
  for (const transform of [fft, ifft]) {
    const result = transform(complex(zeros(shape), zeros(shape)));
    expect([result.shape, result.dtype, result.dataSync().length]).toEqual([shape, "complex64", 0]);
  }
});

test("NaN and infinity spoil their own row and no other", () => {
  const values = [Number.NaN, 1, 2, 3, 1, 2, 3, 4, Number.POSITIVE_INFINITY, 0, 0, 0];
  const x = complex(tensor2d(values, [3, 4]), zeros([3, 4]));
  const [spoiled, whole, infinite] = real(fft(x)).arraySync() as number[][];
  expect(spoiled?.every(Number.isNaN)).toBe(true);
  expect(whole).toEqual([10, -2, -2, -2]);
  expect(infinite?.some(Number.isFinite)).toBe(false);
});

test("takes complex numbers only, as tfjs says", () => {
  expect(() => fft(zeros([4]))).toThrow("The dtype for tf.spectral.fft() must be complex64 but got float32.");
});
