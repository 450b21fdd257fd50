import { setImmediate } from "node:timers/promises";
import { currentCell } from "../display/index.js";

/**
 * Lets interrupts and output through. Long work calls it between its parts, and frees what it holds when this throws.
 *
 * @param signal default: the running cell's, which an interrupt aborts
 * @throws the signal's reason, once it is aborted
 */
export async function nextTurn(signal: AbortSignal | undefined = currentCell()?.signal): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
