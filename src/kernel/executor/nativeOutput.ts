import type { Readable } from "node:stream";
import { endMark, type Output } from "./protocol.js";

/** Text that did not come through JavaScript. */
export type NativeText = Extract<Output, { type: "stream" }>;

/** How long to wait for an end mark, ms: a cell may have closed its stdout. */
const patience = 250;
/** So many of the latest cells are known to have ended. */
const mostEnded = 1000;

/** Passes on what arrives on a child's real stdout or stderr, without the end marks. */
export class NativeOutput {
  readonly #name: "stdout" | "stderr";
  readonly #show: (output: NativeText) => void;
  readonly #stream: Readable;
  readonly #ended = new Set<number>();
  readonly #waiting = new Map<number, () => void>();
  #held = "";

  constructor(name: "stdout" | "stderr", stream: Readable, show: (output: NativeText) => void) {
    this.#name = name;
    this.#show = show;
    this.#stream = stream;
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => this.#take(text));
  }

  /** Resolves when everything before the end mark of `cell` was shown. */
  async until(cell: number): Promise<void> {
    if (this.#ended.has(cell)) return;
    await new Promise<void>((resolve) => {
      // While nothing is read no mark can come.
      const giveUp = () => {
        if (this.#stream.isPaused()) timer.refresh();
        else resolve();
      };
      const timer = setTimeout(giveUp, patience);
      this.#waiting.set(cell, () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#waiting.delete(cell);
  }

  #take(text: string): void {
    const pieces = (this.#held + text).split(markPattern);
    // The last piece may be the beginning of a mark.
    const last = pieces.pop() ?? "";
    const cut = unfinishedMark(last);
    this.#held = last.slice(cut);
    pieces.push(last.slice(0, cut));
    pieces.forEach((piece, index) => {
      if (index % 2 === 1) this.#end(Number(piece));
      else if (piece) this.#show({ type: "stream", name: this.#name, text: piece });
    });
  }

  #end(cell: number): void {
    this.#ended.add(cell);
    if (this.#ended.size > mostEnded) this.#ended.delete(this.#ended.values().next().value as number);
    this.#waiting.get(cell)?.();
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
