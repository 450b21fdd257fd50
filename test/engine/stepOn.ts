import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { EngineReport } from "../../src/engine/index.js";

export interface StepResult {
  readonly report: EngineReport;
  /** Tensors that the step left beside its loss and gradients. */
  readonly kept: number;
  readonly loss: number;
  readonly views: number[][];
  readonly gradients: number[][];
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const program = fileURLToPath(new URL("trainingStep.ts", import.meta.url));

/** Runs `trainingStep.ts` on an engine in a process of its own, which has to end by itself and without an error. */
export async function stepOn(
  name: string,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<StepResult> {
  const words = ["--import", loader, program, name];
  const settings = { ...options, env: { ...process.env, ...options.env }, maxBuffer: 1 << 28 };
  const { stdout } = await promisify(execFile)(process.execPath, words, settings);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string) as StepResult;
}

/** Requires the same views, loss and gradients, up to rounding in float32. */
export function expectSameStep(actual: StepResult, expected: StepResult): void {
  expect(actual.kept).toBe(0);
  expect(largestDifference(actual.views, expected.views)).toBeLessThan(1e-5);
  expect(Math.abs(actual.loss - expected.loss)).toBeLessThan(1e-4);
  expect(actual.gradients.length).toBeGreaterThan(10);
  expect(largestDifference(actual.gradients, expected.gradients)).toBeLessThan(1e-3);
  const largest = expected.gradients.map((gradient) => Math.max(...gradient.map(Math.abs)));
  expect(Math.min(...largest)).toBeGreaterThan(1e-3); // so that zeros would be noticed
}

function largestDifference(actual: number[][], expected: number[][]): number {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const differences = actual.flatMap((row, i) =>
    row.map((value, j) => Math.abs(value - ((expected[i] as number[])[j] as number))),
  );
  return differences.reduce((most, difference) => Math.max(most, difference), 0);
}
