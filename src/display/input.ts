import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { currentCell } from "./cell.js";

/**
 * Asks for a line of text: in a notebook below the cell, in a plain script on the terminal. The cell goes on when there
 * is an answer; other requests are served meanwhile.
 *
 * @throws Error `input: this front end does not answer questions (it sent allow_stdin: false)`
 */
export function input(prompt = ""): Promise<string> {
  return currentCell()?.ask(prompt, false) ?? askInTerminal(prompt, false);
}

/** Asks for a line of text that is not shown while it is typed, nor kept with the notebook. Errors as {@link input}. */
export function password(prompt = ""): Promise<string> {
  return currentCell()?.ask(prompt, true) ?? askInTerminal(prompt, true);
}

async function askInTerminal(prompt: string, secret: boolean): Promise<string> {
  process.stdout.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = secret ? silent : process.stdout;
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY === true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    if (secret) process.stdout.write("\n");
  }
}
