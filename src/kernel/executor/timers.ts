import { createHook, executionAsyncResource } from "node:async_hooks";
import { type CellState, runningCell } from "./cellState.js";

const timers = new Map<number, { readonly cell: CellState; readonly resource: object }>();

/**
 * Notes which timers belong to which cell, so that a cell that was given up does not go on: `for (;;) await sleep(1)`
 * ends when its timer never fires.
 */
export function watchTimers(): void {
  createHook({
    init(id, type, _trigger, resource) {
      if (type !== "Timeout" && type !== "Immediate") return;
      const cell = runningCell.getStore();
      if (cell) timers.set(id, { cell, resource });
    },
    destroy(id) {
      timers.delete(id);
    },
  }).enable();
}

/** Clears every timer that the cell has started. */
export function clearTimersOf(cell: CellState): void {
  const running = executionAsyncResource();
  for (const timer of timers.values()) {
    if (timer.cell !== cell || timer.resource === running) continue;
    clearTimeout(timer.resource as NodeJS.Timeout);
    clearImmediate(timer.resource as NodeJS.Immediate);
  }
}
