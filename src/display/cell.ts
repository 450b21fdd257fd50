import type { MimeBundle } from "./bundle.js";

/** Where a running cell sends what it shows. The kernel provides one; without it output goes to the terminal. */
export interface DisplaySink {
  /** Shows a bundle; with `displayId` it can be replaced later. */
  displayData(bundle: MimeBundle, options?: { displayId?: string; metadata?: Record<string, unknown> }): void;
  /** Replaces what was shown under `displayId`. */
  updateDisplayData(bundle: MimeBundle, displayId: string): void;
  /** Clears the cell's output, or just before the next output when `wait`. */
  clearOutput(wait: boolean): void;
}

/** What the running cell offers to the code it runs. */
export interface CellContext {
  readonly sink: DisplaySink;
  /** Aborted when the user interrupts the cell: training ends its step, saves and returns. */
  readonly signal: AbortSignal;
  /** The same for every run of one cell, so that "once per notebook" things can be sent again when it reruns. */
  readonly key: string;
}

/** A registered symbol, because the kernel and the notebook may load two copies of this module. */
const slot = Symbol.for("kontrast.cell");
const globals = globalThis as { [slot]?: CellContext };

/** The cell that runs now, or that ran last and may still have timers; `undefined` outside a kernel. */
export function currentCell(): CellContext | undefined {
  return globals[slot];
}

/** Announces the running cell, or with `undefined` that there is none. The executor calls it before every cell. */
export function setCurrentCell(cell: CellContext | undefined): void {
  if (cell) globals[slot] = cell;
  else delete globals[slot];
}
