import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import promises from "node:timers/promises";
import { promisify } from "node:util";
import { asCausedBy, causingCell } from "./causes.js";
import type { CellState } from "./cellState.js";

type Timer = NodeJS.Timeout | NodeJS.Immediate;
type Callback = (...values: unknown[]) => void;
type StartTimer = (callback: Callback, ...rest: unknown[]) => Timer;
type Wait = (...parameters: unknown[]) => Promise<unknown>;

/** A cell that starts more timers than this has its finished ones forgotten now and then. */
const many = 1000;

/**
 * Makes timers belong to cells: what they print is output of the cell that started them, and those of a cell that was
 * given up never fire, so that `for (;;) await sleep(1)` ends.
 */
export function tieTimersToCells(): void {
  const waits: Record<string, Wait> = {
    setTimeout: tiedWait(promises.setTimeout as Wait),
    setImmediate: tiedWait(promises.setImmediate as Wait),
  };
  Object.assign(promises, waits);
  for (const [name, repeats] of Object.entries({ setTimeout: false, setInterval: true, setImmediate: false })) {
    const tied = tiedTimer((timers as unknown as Record<string, StartTimer>)[name] as StartTimer, repeats);
    const wait = waits[name];
    if (wait) Object.defineProperty(tied, promisify.custom, { value: wait });
    Object.assign(timers, { [name]: tied });
    Object.assign(globalThis, { [name]: tied });
  }
  syncBuiltinESMExports();
}

/** Clears every timer that the cell has started. */
export function clearTimersOf(cell: CellState): void {
  for (const timer of cell.timers) {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
  }
  cell.timers.clear();
}

function tiedTimer(start: StartTimer, repeats: boolean): StartTimer {
  return (callback, ...rest) => {
    const cell = causingCell();
    if (!cell || typeof callback !== "function") return start(callback, ...rest);
    const timer = start(
      (...values) => {
        if (!repeats) cell.timers.delete(timer);
        if (cell.givenUpAt === undefined) asCausedBy(cell, () => callback(...values));
      },
      ...rest,
    );
    cell.timers.add(timer);
    if (cell.timers.size % many === 0) forgetFinished(cell);
    return timer;
  };
}

/** The promise of a cell that was given up stays pending. */
function tiedWait(wait: Wait): Wait {
  return (...parameters) => {
    const cell = causingCell();
    if (!cell) return wait(...parameters);
    return new Promise((resolve, reject) => {
      const go = (settle: () => void) => {
        if (cell.givenUpAt === undefined) settle();
      };
      wait(...parameters).then(
        (value) => go(() => resolve(value)),
        (error) => go(() => reject(error)),
      );
    });
  };
}

function forgetFinished(cell: CellState): void {
  for (const timer of cell.timers) {
    if ((timer as unknown as { _destroyed?: boolean })._destroyed) cell.timers.delete(timer);
  }
}
