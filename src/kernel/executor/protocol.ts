/**
 * What the two processes say to each other. Commands go to the child by Node's IPC channel; events come back as one
 * line of JSON each on a pipe of their own, which the child writes synchronously: a cell that prints without end is
 * slowed down to the reader's pace, and what it printed before it crashed is not lost.
 */

/** File descriptors of the child besides stdin, stdout, stderr and IPC (3). */
export const watcherDescriptor = 4;
export const eventDescriptor = 5;

/** How many cells may run at once: the main shell's and those of subshells. */
export const mostCells = 64;

/** A source map, version 3: generated lines and columns to those of the source. */
export interface SourceMap {
  readonly version: 3;
  readonly names: string[];
  readonly sources: (string | null)[];
  readonly mappings: string;
}

/** A local file that cells import, converted to CommonJS. */
export interface SideModule {
  /** Absolute path, with the extension `.js`. */
  readonly path: string;
  /** Absolute path of the file that it was made of. */
  readonly source: string;
  /** In the form of {@link CellCode.javascript}. */
  readonly javascript: string;
  readonly sourceMap: SourceMap;
}

/** A cell, or a part of one, converted to JavaScript, as the child runs it. */
export interface CellCode {
  /** Number unique within the kernel; output that comes later is traced back to its cell by it. */
  readonly id: number;
  /** Name of the cell in stack traces, such as `cell-3.ts`. */
  readonly fileName: string;
  /** The same for every run of one cell. */
  readonly key: string;
  /** Whether the front end answers questions. */
  readonly allowStdin: boolean;
  /** Body of an async function of `exports`, `require`, `module`, `__filename` and `__dirname`. */
  readonly javascript: string;
  readonly sourceMap: SourceMap;
  /** Name under which the last expression's value is found on `exports`. */
  readonly lastExpression?: string | undefined;
  /** Names on `exports` that it assigns. */
  readonly assigned: readonly string[];
  /** Names on `exports` whose values are disposed of in the opposite order when the cell has ended. */
  readonly disposables: readonly { readonly name: string; readonly isAsync: boolean }[];
  /** Local files it imports that are new or have changed. */
  readonly sideModules: readonly SideModule[];
  /** Says how long it took: once, or as a statistic of many times, without its value. */
  readonly measure?: "time" | "timeit" | undefined;
}

/** The cell that an interrupt means when none runs: whatever keeps the main thread busy. */
export const noCell = 0;

/** A message of a comm from the front end. */
export interface CommMessage {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly content: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}

export type Command =
  | { readonly type: "run"; readonly cell: CellCode }
  /** Aborts this cell's signal; gives it up at once if it has not asked for the signal. */
  | { readonly type: "interrupt"; readonly cell: number }
  /** Gives up this cell at once, if it still runs: it was stopped from outside and will never settle. */
  | { readonly type: "abandon"; readonly cell: number }
  /** What was answered to a question; without a value there will be no answer. */
  | { readonly type: "answer"; readonly question: number; readonly value?: string }
  | { readonly type: "comm"; readonly message: CommMessage }
  /** Asks for names and values of the variables. */
  | { readonly type: "variables"; readonly request: number }
  /** Forgets all variables and local modules. */
  | { readonly type: "reset"; readonly request: number }
  /** To be answered by `pong`, unless the main thread is busy. */
  | { readonly type: "ping" };

/** What the parent tells the watcher thread, a line of JSON each. */
export type WatcherCommand =
  /** Stops whatever JavaScript runs on the main thread, unless this cell has ended; for {@link noCell} anyway. */
  | { readonly type: "terminate"; readonly cell: number }
  /** A method of the inspector; the first connects it. */
  | { readonly type: "post"; readonly id: number; readonly method: string; readonly parameters: object }
  /** Disconnects the inspector. */
  | { readonly type: "detach" };

/** What the watcher thread tells the parent, a line of JSON each: what the inspector says. */
export type WatcherEvent =
  | {
      readonly type: "reply";
      readonly id: number;
      readonly result?: unknown;
      readonly error?: string;
    }
  | { readonly type: "notification"; readonly method: string; readonly parameters: object };

/** A bundle of representations, JSON by now. */
export type Bundle = Record<string, unknown>;

/** An error as the child saw it: its stack names lines of the cells and local files as the user has written them. */
export interface RawError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** The errors that it holds: its cause, those of an `AggregateError`. */
  readonly inner?: readonly InnerError[];
  /** How many more it holds. */
  readonly untold?: number;
}

/** An error that another one holds. */
export interface InnerError {
  /** What it is to the other, such as `Caused by`. */
  readonly relation: string;
  readonly error: RawError;
}

/** A cell's value, as it is shown. */
export interface Result {
  readonly data: Bundle;
  readonly metadata: Record<string, unknown>;
  /** Name under which it can be replaced later. */
  readonly displayId?: string;
}

/** A variable of the cells. */
export interface Variable {
  readonly name: string;
  /** On one line, shortened. */
  readonly value: string;
}

/** How a cell ended. `unreached`: of {@link CellCode.assigned}, those that have what they had before. */
export type Outcome =
  | { readonly status: "ok"; readonly result?: Result | undefined }
  | { readonly status: "error"; readonly error: RawError; readonly unreached: readonly string[] }
  /** Interrupted; `result` if the cell came to its end by itself after it had noticed. */
  | { readonly status: "interrupted"; readonly result?: Result | undefined; readonly unreached: readonly string[] };

/** What a cell shows while it runs, or later. */
export type Output =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly data: Bundle;
      readonly metadata: Record<string, unknown>;
      readonly displayId?: string | undefined;
    }
  | {
      readonly type: "update";
      readonly data: Bundle;
      readonly metadata: Record<string, unknown>;
      readonly displayId: string;
    }
  /** Any other message of IOPub, with its buffers in base64. */
  | {
      readonly type: "broadcast";
      readonly msgType: string;
      readonly content: Record<string, unknown>;
      readonly metadata: Record<string, unknown>;
      readonly buffers: readonly string[];
    }
  | { readonly type: "clear"; readonly wait: boolean }
  /** Thrown where nobody could catch it, in a timer or an abandoned promise. */
  | { readonly type: "uncaught"; readonly error: RawError };

export type Event =
  | { readonly type: "ready" }
  | { readonly type: "output"; readonly cell: number; readonly output: Output }
  | { readonly type: "pong" }
  | {
      readonly type: "question";
      readonly cell: number;
      readonly question: number;
      readonly prompt: string;
      readonly secret: boolean;
    }
  | { readonly type: "variables"; readonly request: number; readonly variables: readonly Variable[] }
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
