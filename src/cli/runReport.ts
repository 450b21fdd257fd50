import { stripVTControlCharacters } from "node:util";
import type { KernelOutput } from "../kernel/client/index.js";
import { formatSeconds, type RunningCell, TerminalText, titleOf } from "../notebook/index.js";

/** Milliseconds between two looks at a running cell: in a terminal its line is redrawn, in a log a line is added. */
const terminalInterval = 200;
const logInterval = 5000;

/** Lines of one output that are shown; the notebook has all of them. */
const mostLines = 30;

/** Tells in a terminal or a log how a run goes. */
export interface RunReport {
  start(running: RunningCell): void;
  output(from: RunningCell, output: KernelOutput): void;
  end(running: RunningCell, seconds: number): void;
}

/**
 * A line per cell with its time. What a cell prints is shown as it comes; what it displays is shown when the cell has
 * ended, since until then it may change: meanwhile its last line is shown as progress.
 */
export function runReport(stream: NodeJS.WriteStream): RunReport {
  let current: CellReport | undefined;
  return {
    start(running) {
      current = cellReport(running, stream);
    },
    output({ number }, output) {
      // Output of code that an earlier cell left running is in the notebook alone.
      if (number === current?.number) current.output(output);
    },
    end(_, seconds) {
      current?.end(seconds);
      current = undefined;
    },
  };
}

interface CellReport {
  readonly number: number;
  output(output: KernelOutput): void;
  end(seconds: number): void;
}

interface Shown {
  readonly id: string | undefined;
  text: string;
}

function cellReport({ cell, number, count }: RunningCell, stream: NodeJS.WriteStream): CellReport {
  const terminal = stream.isTTY === true;
  const width = Math.min(terminal ? stream.columns : 100, 100);
  const place = `[${String(number).padStart(String(count).length)}/${count}] `;
  const title = titleOf(cell);
  const startedAt = performance.now();
  let named = false;
  let shown: Shown[] = [];
  let partial = new TerminalText();
  let live = "";
  let reported = "";

  function print(line: string): void {
    stream.write(terminal ? `\r\u001b[2K${line}\u001b[0m\n` : `${stripVTControlCharacters(line)}\n`);
  }

  function printIndented(line: string): void {
    print(" ".repeat(place.length) + line);
  }

  function printName(): void {
    if (!named) print(cut(place + title, width));
    named = true;
  }

  /** In a terminal redraws the line at the bottom; in a log adds the progress, if it has moved. */
  function look(): void {
    if (terminal) {
      const seconds = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
      const parts = [...(named ? [] : [cut(title, 40)]), seconds, live].filter(Boolean);
      stream.write(`\r\u001b[2K${cut(place + parts.join(" · "), stream.columns - 1)}`);
    } else if (live !== reported) {
      printName();
      printIndented(live);
      reported = live;
    }
  }

  function streamed(text: string): void {
    const end = text.lastIndexOf("\n");
    partial.push(text.slice(0, end + 1));
    if (end >= 0) {
      printName();
      for (const line of partial.toString().slice(0, -1).split("\n")) printIndented(line);
      partial = new TerminalText();
    }
    partial.push(text.slice(end + 1));
    live = lastLine(partial.toString()) || live;
  }

  function show(id: string | undefined, text: string): void {
    const same = id === undefined ? undefined : shown.find((item) => item.id === id);
    if (same) same.text = text;
    else shown.push({ id, text });
    live = lastLine(text);
  }

  function output(given: KernelOutput): void {
    if (given.type === "stream") streamed(given.text);
    else if (given.type === "clear_output") shown = [];
    else if (given.type === "error") shown.push({ id: undefined, text: given.traceback.join("\n") });
    else if (given.type === "execute_result") show(undefined, plainText(given.data));
    else if (given.type === "display_data") show(given.displayId, plainText(given.data));
    else if (shown.some(({ id }) => id === given.displayId)) show(given.displayId, plainText(given.data));
    else live = lastLine(plainText(given.data)); // shown by an earlier cell: progress, but not this cell's result
  }

  function end(seconds: number): void {
    clearInterval(timer);
    if (partial.toString() !== "") streamed("\n");
    const time = formatSeconds(seconds);
    const room = width - time.length - 2;
    print(`${cut(place + (named ? "done" : title), room).padEnd(room)}  ${time}`);
    for (const { text } of shown) if (text !== reported) firstLines(text).forEach(printIndented);
  }

  if (terminal) look();
  const timer = setInterval(look, terminal ? terminalInterval : logInterval);
  return { number, output, end };
}

/** An update or result in words; rich values without words leave no trace in the terminal. */
function plainText(data: Readonly<Record<string, unknown>>): string {
  const text = data["text/plain"];
  return typeof text === "string" ? text : "";
}

function firstLines(text: string): string[] {
  if (text === "") return [];
  const lines = text.replace(/\n$/, "").split("\n");
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `… ${more} more lines`] : lines;
}

function lastLine(text: string): string {
  return stripVTControlCharacters(text).trimEnd().split("\n").at(-1)?.trim() ?? "";
}

/** Shortens a line to what fits, counted in characters. */
function cut(text: string, room: number): string {
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(0, room - 1)).join("")}…`;
}
