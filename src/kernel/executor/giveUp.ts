import type { CellState } from "./cellState.js";
import { clearTimersOf } from "./timers.js";

/** Nothing goes on that a cell has begun: its timers never fire, and the files that it was loading are not loaded. */
export function giveUp(cell: CellState): void {
  cell.givenUpAt ??= performance.now();
  clearTimersOf(cell);
  for (const callback of cell.whenGivenUp) callback();
  cell.whenGivenUp.clear();
}
