import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Tensor } from "../../../src/engine/tensor.js";

const python = "/usr/bin/python3";

/** Whether NumPy is here to compare with. */
export const hasNumpy = spawnSync(python, ["-c", "import numpy"]).status === 0;

/** A NumPy expression over named inputs, such as `np.fft.fft(x)`. */
export interface NumpyCase {
  readonly expression: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/** What NumPy computed: complex numbers as real and imaginary parts in turn. */
export interface NumpyValue {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "complex64";
  readonly values: Float32Array;
}

/** Computes all cases in one run of Python; in double precision, rounded to single at the end. */
export function numpy(cases: readonly NumpyCase[]): NumpyValue[] {
  const input = cases.map(({ expression, inputs }) => ({
    expression,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, encode(x)])),
  }));
  const script = fileURLToPath(new URL("evaluate.py", import.meta.url));
  const output = execFileSync(python, [script], { input: JSON.stringify(input), maxBuffer: 1 << 28 }).toString();
  return (JSON.parse(output) as { shape: number[]; dtype: NumpyValue["dtype"]; base64: string }[]).map(
    ({ base64, ...rest }) => ({
      ...rest,
      values: new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer),
    }),
  );
}

/** Asserts shape, and values up to a part of the largest one; NaN and infinity must be where NumPy has them. */
export function expectNumpy(actual: Tensor, expected: NumpyValue | undefined, tolerance = 2e-6): void {
  expect(actual.shape).toEqual(expected?.shape);
  const found = actual.dataSync();
  const values = expected?.values ?? new Float32Array();
  expect(found.length).toBe(values.length);
  const largest = values.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    1e-30,
  );
  values.forEach((value, i) => {
    const other = found[i] ?? Number.NaN;
    const same = Number.isFinite(value) ? Math.abs(other - value) <= tolerance * largest : Object.is(other, value);
    if (!same) expect.fail(`value ${i}: expected ${value}, got ${other}`);
  });
}

function encode(x: Tensor): object {
  const dtype = { float32: "float32", int32: "int32", bool: "bool", complex64: "complex64", string: "" }[x.dtype];
  const { buffer, byteOffset, byteLength } = x.dataSync();
  return { shape: x.shape, dtype, base64: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
}
