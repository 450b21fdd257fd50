import { cpus, totalmem } from "node:os";

/** One row of a benchmark: ours beside a peer, measured in one run. */
export interface Result {
  readonly name: string;
  readonly unit: string;
  /** Medians over the rounds. */
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  /** Above 1 means that ours is better. */
  readonly ratio: number;
  /** The least ratio that we want, if there is one. */
  readonly target?: number;
  /** All rounds, to judge the spread. */
  readonly rounds: { readonly ours: readonly number[]; readonly peer: readonly number[] };
}

/** A benchmark: alternates with its peer and says what it measured. */
export type Suite = (options: { readonly rounds: number }) => Promise<{ results: Result[]; versions: object }>;

/** The machine that a table belongs to. */
export function machine() {
  const [first] = cpus();
  return { cpu: first?.model ?? "unknown", cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
}

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (upper + lower) / 2;
}
