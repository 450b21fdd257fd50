import type { MimeBundle } from "./bundle.js";

/** What can go with a message of IOPub. */
export interface MessageExtras {
  readonly metadata?: Record<string, unknown>;
  readonly buffers?: readonly Uint8Array[];
}

/** Where a running cell sends what it shows. The kernel provides one; without it output goes to the terminal. */
export interface DisplaySink {
  /** Shows a bundle; with `displayId` it can be replaced later. */
  displayData(bundle: MimeBundle, options?: { displayId?: string; metadata?: Record<string, unknown> }): void;
  /** Replaces what was shown under `displayId`. */
  updateDisplayData(bundle: MimeBundle, displayId: string, metadata?: Record<string, unknown>): void;
  /** Clears the cell's output, or just before the next output when `wait`. */
  clearOutput(wait: boolean): void;
  /** Sends any other message of IOPub. */
  broadcast(msgType: string, content: Record<string, unknown>, extras?: MessageExtras): void;
}

/** What the running cell offers to the code it runs. */
export interface CellContext {
  /** Unique for each run of a cell. */
  readonly id: number;
  readonly sink: DisplaySink;
  /** Aborted when the user interrupts the cell: training ends its step, saves and returns. */
  readonly signal: AbortSignal;
  /** The same for every run of one cell, so that "once per notebook" things can be sent again when it reruns. */
  readonly key: string;
  /** The notebook's folder. */
  readonly folder: string;
  /** Whether a person is there who can answer; not so when a program runs the notebook. */
  readonly hasFrontEnd: boolean;
  /** Asks the person at the front end; `secret` hides what is typed. Rejects when the cell is interrupted. */
  ask(prompt: string, secret: boolean): Promise<string>;
  /** Makes what a callback does later, such as printing, the doing of this cell. */
  bind<Given extends unknown[], Returned>(callback: (...given: Given) => Returned): (...given: Given) => Returned;
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
