import { spawnSync } from "node:child_process";
import { type Tensor2D, tensor2d } from "../../src/engine/tensor.js";

/** z[i][k] = normalise_k(sin((i + b)(k + 1)a + p + 0.3k²)): unit rows that look random and are the same everywhere. */
export function fixture(n: number, a: number, b: number, p: number, dimensions = 4): number[][] {
  return Array.from({ length: n }, (_, i) => {
    const row = Array.from({ length: dimensions }, (_, k) => Math.sin((i + b) * (k + 1) * a + p + 0.3 * k * k));
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
}

export const rows = {
  z1: fixture(4, 0.9, 1, 0),
  z2: fixture(4, 0.9, 1, 0.4),
  z3: fixture(4, 0.7, 2, 1.1),
  queue: fixture(5, 1.1, 3, 0.6),
};

/** The fixture on the engine; call it inside a test, once an engine is in use. */
export function embeddings(): Record<keyof typeof rows, Tensor2D> {
  return {
    z1: tensor2d(rows.z1),
    z2: tensor2d(rows.z2),
    z3: tensor2d(rows.z3),
    queue: tensor2d(rows.queue),
  };
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);
}

/** a · bᵀ in double precision. */
export function product(a: readonly number[][], b: readonly number[][]): number[][] {
  return a.map((row) => b.map((other) => dot(row, other)));
}

/** A softmax written as loops, over the columns of each row that a mask allows. */
export function softmaxRows(logits: readonly number[][], allowed: (i: number, j: number) => boolean): number[][] {
  return logits.map((row, i) => {
    const weights = row.map((logit, j) => (allowed(i, j) ? Math.exp(logit) : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
}

/** Runs a Python program that reads JSON from standard input and prints JSON. */
export function python<Result>(program: string, input: unknown): Result {
  const { status, stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", program], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`python: ${stderr}`);
  return JSON.parse(stdout) as Result;
}

/** Relative difference, for values that are never 0. */
export function relativeError(value: number, expected: number): number {
  return Math.abs(value - expected) / Math.abs(expected);
}
