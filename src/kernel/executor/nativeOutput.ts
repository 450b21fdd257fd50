import type { Readable } from "node:stream";
import { endMark, type Output } from "./protocol.js";

/** How long to wait for an end mark, ms: a cell may have closed its stdout. */
const patience = 250;

/** Passes on what arrives on a child's real stdout or stderr, without the end marks. */
export class NativeOutput {
  readonly #name: "stdout" | "stderr";
  readonly #show: (output: Output) => void;
  #held = "";
  #ended = 0;
  #onMark: (() => void) | undefined;

  constructor(name: "stdout" | "stderr", stream: Readable, show: (output: Output) => void) {
    this.#name = name;
    this.#show = show;
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => this.#take(text));
  }

  /** Resolves when everything before the end mark of `cell` was shown. */
  async until(cell: number): Promise<void> {
    if (this.#ended >= cell) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#onMark = () => {
        if (this.#ended < cell) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onMark = undefined;
  }

  #take(text: string): void {
    const pieces = (this.#held + text).split(markPattern);
    // The last piece may be the beginning of a mark.
    const last = pieces.pop() ?? "";
    const cut = unfinishedMark(last);
    this.#held = last.slice(cut);
    pieces.push(last.slice(0, cut));
    pieces.forEach((piece, index) => {
      if (index % 2 === 1) this.#ended = Number(piece);
      else if (piece) this.#show({ type: "stream", name: this.#name, text: piece });
    });
    this.#onMark?.();
  }
}

const markPattern = new RegExp(endMark(0).replace("0\u0000", "(\\d+)\u0000"));
const markStart = endMark(0).slice(0, -2);

/** Where an unfinished mark begins in `text`; its length if there is none. */
function unfinishedMark(text: string): number {
  const start = text.lastIndexOf("\u0000");
  if (start < 0) return text.length;
  const tail = text.slice(start);
  const fits = markStart.startsWith(tail) || (tail.startsWith(markStart) && /^\d*$/.test(tail.slice(markStart.length)));
  return fits ? start : text.length;
}
