import type { CellState } from "./cellState.js";
import { sendEvent } from "./events.js";

const open = new Map<number, (value: string | undefined) => void>();
let questions = 0;

/**
 * Asks the person at the front end on behalf of a cell. An interrupt of the cell ends the question, too.
 *
 * @throws Error `input: this front end does not answer questions (it sent allow_stdin: false)`
 * @throws Error `input: the kernel was told that there will be no answer`
 */
export async function ask(cell: CellState, prompt: string, secret: boolean): Promise<string> {
  if (!cell.allowStdin) throw new Error("input: this front end does not answer questions (it sent allow_stdin: false)");
  const question = ++questions;
  const { signal } = cell.abort;
  signal.throwIfAborted();
  try {
    const value = await new Promise<string | undefined>((resolve, reject) => {
      open.set(question, resolve);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      sendEvent({ type: "question", cell: cell.id, question, prompt, secret });
    });
    if (value === undefined) throw new Error("input: the kernel was told that there will be no answer");
    return value;
  } finally {
    open.delete(question);
  }
}

/** Hands an answer to the code that waits for it. */
export function takeAnswer(question: number, value: string | undefined): void {
  open.get(question)?.(value);
}
