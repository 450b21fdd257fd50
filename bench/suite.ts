/**
 * A process that measures: our engine, our wasm engine, or the peer; or one that drives a Jupyter kernel, ours, Python's
 * or tslab's.
 */
export type LaneName = "ours" | "wasm" | "peer" | "kernel" | "ipykernel" | "tslab";

/** One thing to measure in one lane; the parameters are all that the case knows, so that both sides do the same work. */
export interface Side {
  readonly lane: LaneName;
  /** Name of a case in ours/cases and peers/cases.py. */
  readonly case: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Whether it wants a processor that multiplies bfloat16; others emulate it, many times slower than float32. */
  readonly inBfloat16?: boolean;
}

/** What the seconds of one call are turned into, and in what unit it is shown. */
export type Unit = "ms" | "µs" | "images/s" | "MB";

/** One line of the table: two sides of a group, compared. */
export interface Row {
  readonly name: string;
  readonly unit: Unit;
  /** Names of sides. */
  readonly ours: string;
  readonly peer: string;
  /** Images that one call works on, for `images/s`. */
  readonly images?: number;
  /** Said of the peer beside its version, such as `autocast bfloat16`. */
  readonly peerNote?: string;
  /** The least ratio that we want. */
  readonly target?: number;
  /** The most that ours may be, in the row's unit. */
  readonly most?: number;
}

/** Sides that are measured in turns, so that noise of the machine hits all of them, and what is read off them. */
export interface Group {
  readonly sides: Readonly<Record<string, Side>>;
  readonly rows: readonly Row[];
  /** `time`: long-lived processes, the seconds of a call. `memory`: fresh processes, the peak of their memory. */
  readonly measures: "time" | "memory";
}

/**
 * What a suite measures.
 *
 * @param options.quick small sizes, to see whether everything runs; such numbers say nothing about speed
 */
export type Suite = (options: { readonly quick: boolean }) => readonly Group[];
