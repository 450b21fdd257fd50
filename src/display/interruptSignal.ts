import { currentCell } from "./cell.js";

/**
 * Aborted when the user interrupts the cell that asks for it. Whoever asks has ten seconds to end by itself: to finish a
 * step, to save, to return; the rest of the cell then runs. Outside a kernel it is never aborted.
 */
export function interruptSignal(): AbortSignal {
  return currentCell()?.signal ?? new AbortController().signal;
}
