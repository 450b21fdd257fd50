import type { Output } from "./protocol.js";

/** Text waits for more until there is this much of it, UTF-16 units, … */
const enough = 65_536;
/** … or for this long, ms. A cell that prints in a loop makes few messages, and is still seen to move. */
const patience = 30;

/** @param size of what is shown, UTF-16 units */
type Show = (cell: number, output: Output, size: number) => void;

/** Passes output on, in order, with neighbouring pieces of text joined. */
export class OutputBuffer {
  readonly #show: Show;
  #pending: { cell: number; name: "stdout" | "stderr"; parts: string[]; length: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(show: Show) {
    this.#show = show;
  }

  add(cell: number, output: Output, size: number): void {
    if (output.type !== "stream") {
      this.flush();
      this.#show(cell, output, size);
      return;
    }
    const { name, text } = output;
    if (this.#pending && (this.#pending.cell !== cell || this.#pending.name !== name)) this.flush();
    this.#pending ??= { cell, name, parts: [], length: 0 };
    this.#pending.parts.push(text);
    this.#pending.length += text.length;
    if (this.#pending.length >= enough) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), patience);
  }

  /** Passes on what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#pending) return;
    const { cell, name, parts } = this.#pending;
    this.#pending = undefined;
    const text = parts.join("");
    this.#show(cell, { type: "stream", name, text }, text.length);
  }
}
