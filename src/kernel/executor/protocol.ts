/**
 * What the two processes say to each other. Commands go to the child by Node's IPC channel; events come back as one
 * line of JSON each on a pipe of their own, which the child writes synchronously: a cell that prints without end is
 * slowed down to the reader's pace, and what it printed before it crashed is not lost.
 */

/** File descriptors of the child besides stdin, stdout, stderr and IPC (3). */
export const watcherDescriptor = 4;
export const eventDescriptor = 5;

/** A local file that cells import, converted to CommonJS. */
export interface SideModule {
  /** Absolute path, with the extension `.js`. */
  readonly path: string;
  readonly javascript: string;
}

/** A cell, converted to JavaScript, as the child runs it. */
export interface CellCode {
  /** Number unique within the kernel; output that comes later is traced back to its cell by it. */
  readonly id: number;
  /** Name of the cell in stack traces, such as `cell-3.ts`. */
  readonly fileName: string;
  /** The same for every run of one cell. */
  readonly key: string;
  /** Body of an async function of `exports`, `require`, `module`, `__filename` and `__dirname`. */
  readonly javascript: string;
  /** Name under which the last expression's value is found on `exports`. */
  readonly lastExpression?: string | undefined;
  /** Local files it imports that are new or have changed. */
  readonly sideModules: readonly SideModule[];
}

export type Command =
  | { readonly type: "run"; readonly cell: CellCode }
  /** Aborts this cell's signal; gives it up at once if it has not asked for the signal. */
  | { readonly type: "interrupt"; readonly cell: number }
  /** Gives up this cell at once, if it still runs: it was stopped from outside and will never settle. */
  | { readonly type: "abandon"; readonly cell: number };

/** A bundle of representations, JSON by now. */
export type Bundle = Record<string, unknown>;

/** An error as the child saw it: its stack is in the coordinates of the generated JavaScript. */
export interface RawError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: RawError | undefined;
}

/** How a cell ended. */
export type Outcome =
  | { readonly status: "ok"; readonly result?: Bundle | undefined }
  | { readonly status: "error"; readonly error: RawError }
  /** Interrupted; `result` if the cell came to its end by itself after it had noticed. */
  | { readonly status: "interrupted"; readonly result?: Bundle | undefined };

/** What a cell shows while it runs, or later. */
export type Output =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly data: Bundle;
      readonly metadata: Record<string, unknown>;
      readonly displayId?: string | undefined;
    }
  | { readonly type: "update"; readonly data: Bundle; readonly displayId: string }
  | { readonly type: "clear"; readonly wait: boolean }
  /** Thrown where nobody could catch it, in a timer or an abandoned promise. */
  | { readonly type: "uncaught"; readonly error: RawError };

export type Event =
  | { readonly type: "ready" }
  | { readonly type: "output"; readonly cell: number; readonly output: Output }
  /** The cell has asked for its signal, so it means to stop by itself when interrupted. */
  | { readonly type: "listens"; readonly cell: number }
  | { readonly type: "done"; readonly cell: number; readonly outcome: Outcome };

/**
 * What the child writes to its real stdout and stderr when a cell ends, so that the parent knows when it has read all
 * that native code and grandchildren printed during the cell.
 */
export function endMark(cell: number): string {
  return `\u0000kontrast:end:${cell}\u0000`;
}
