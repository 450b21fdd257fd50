import type { CellState } from "./cellState.js";
import { sendEvent } from "./events.js";

const open = new Map<number, (value: string | undefined) => void>();
let questions = 0;
/** Resolves when all questions so far have been answered, or never will be. */
let asked: Promise<unknown> = Promise.resolve();

/**
 * Asks the person at the front end on behalf of a cell. Questions asked at once come one after the other, since front ends
 * have one line for the answer. An interrupt of the cell ends the question, too, also one that waits.
 *
 * @throws Error `input: this front end does not answer questions (it sent allow_stdin: false)`
 * @throws Error `input: the kernel was told that there will be no answer`
 */
export async function ask(cell: CellState, prompt: string, secret: boolean): Promise<string> {
  if (!cell.allowStdin) throw new Error("input: this front end does not answer questions (it sent allow_stdin: false)");
  const { signal } = cell.abort;
  const answer = asked.then(() => answerTo(cell, prompt, secret));
  asked = answer.catch(() => undefined);
  const value = await untilAborted(answer, signal);
  if (value === undefined) throw new Error("input: the kernel was told that there will be no answer");
  return value;
}

async function answerTo(cell: CellState, prompt: string, secret: boolean): Promise<string | undefined> {
  const { signal } = cell.abort;
  signal.throwIfAborted();
  const question = ++questions;
  const answer = new Promise<string | undefined>((resolve) => open.set(question, resolve));
  sendEvent({ type: "question", cell: cell.id, question, prompt, secret });
  try {
    return await untilAborted(answer, signal);
  } finally {
    open.delete(question);
  }
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Hands an answer to the code that waits for it. */
export function takeAnswer(question: number, value: string | undefined): void {
  open.get(question)?.(value);
}
