import { AsyncLocalStorage } from "node:async_hooks";

/** What the child knows of one run of a cell. */
export interface CellState {
  readonly id: number;
  readonly key: string;
  readonly abort: AbortController;
  /** Whether the code has asked for `signal`. */
  listens: boolean;
}

/** Which cell the code that runs now belongs to; it follows through timers and promises. */
export const runningCell = new AsyncLocalStorage<CellState>();

let latest: CellState | undefined;

/** Remembers the cell to which untraceable output is attributed. */
export function setLatestCell(cell: CellState): void {
  latest = cell;
}

/** The cell that caused what happens now, as well as can be told. */
export function causingCell(): CellState | undefined {
  return runningCell.getStore() ?? latest;
}
