/** What the child knows of one run of a cell. */
export interface CellState {
  readonly id: number;
  readonly key: string;
  readonly abort: AbortController;
  /** Whether the code has asked for `signal`. */
  listens: boolean;
  /** Stopped without its consent: whatever still waits on its behalf must not go on. */
  givenUp: boolean;
  /** Its timers that may still fire. */
  readonly timers: Set<NodeJS.Timeout | NodeJS.Immediate>;
}

export function newCellState(id: number, key: string): CellState {
  return { id, key, abort: new AbortController(), listens: false, givenUp: false, timers: new Set() };
}

let causing: CellState | undefined;

/**
 * The cell that caused what happens now, as well as can be told: the owner of the timer that has fired, else the cell
 * that runs or ran last. `AsyncLocalStorage` would tell exactly, but in Node 20 it turns on the checks of async hooks,
 * and then stopping a loop that follows a timer aborts the process.
 */
export function causingCell(): CellState | undefined {
  return causing;
}

/** A cell begins: what happens from now on is its doing. */
export function setCausingCell(cell: CellState): void {
  causing = cell;
}

/** Calls `callback` as the doing of `cell`, along with the promise reactions that it sets off directly. */
export function asCausedBy<T>(cell: CellState, callback: () => T): T {
  const before = causing;
  causing = cell;
  try {
    return callback();
  } finally {
    queueMicrotask(() => {
      // A cell that began meanwhile stays.
      if (causing === cell) causing = before;
    });
  }
}
