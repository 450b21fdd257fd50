import { stripVTControlCharacters } from "node:util";
import type { KernelOutput } from "../kernel/client/index.js";
import { formatSeconds, type RunningCell, TerminalText, titleOf } from "../notebook/index.js";

/** Milliseconds between two looks at a running cell: in a terminal its line is redrawn, in a log a line is added. */
const terminalInterval = 200;
const logInterval = 5000;

/** Lines of one output that are shown; the notebook has all of them. */
const mostLines = 30;

const indent = " ".repeat(8);

/** Tells in a terminal or a log how a run goes. */
export interface RunReport {
  start(running: RunningCell): void;
  output(output: KernelOutput): void;
  end(seconds: number): void;
}

interface Shown {
  readonly id: string | undefined;
  text: string;
}

/**
 * A line per cell with its time. What a cell prints is shown as it comes; what it displays is shown when the cell has
 * ended, since until then it may change: meanwhile its last line is shown as progress.
 */
export function runReport(stream: NodeJS.WriteStream): RunReport {
  const terminal = stream.isTTY === true;
  const width = () => Math.min(terminal ? stream.columns : 100, 100);
  let running: RunningCell | undefined;
  let startedAt = 0;
  let named = false;
  let shown: Shown[] = [];
  let partial = new TerminalText();
  let live = "";
  let reported = "";
  let timer: NodeJS.Timeout | undefined;

  const place = () =>
    `[${String(running?.number).padStart(String(running?.count).length)}/${running?.count}]`.padEnd(7);
  const title = () => (running ? titleOf(running.cell) : "");

  function print(line: string): void {
    stream.write(`${terminal ? "\r\u001b[2K" : ""}${terminal ? line : stripVTControlCharacters(line)}\n`);
  }

  function printName(): void {
    if (!named) print(`${place()} ${cut(title(), width() - 8)}`);
    named = true;
  }

  function look(): void {
    if (terminal) {
      const time = formatSeconds(Math.round((performance.now() - startedAt) / 100) / 10).replace(/0 s$/, " s");
      const parts = [...(named ? [] : [cut(title(), 40)]), time, live];
      stream.write(`\r\u001b[2K${cut(`${place()} ${parts.filter(Boolean).join(" · ")}`, stream.columns - 1)}`);
    } else if (live !== "" && live !== reported) {
      printName();
      print(indent + live);
      reported = live;
    }
  }

  function streamed(text: string): void {
    const end = text.lastIndexOf("\n");
    partial.push(text.slice(0, end + 1));
    if (end >= 0) {
      printName();
      for (const line of partial.toString().slice(0, -1).split("\n")) print(indent + line);
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

  return {
    start(next) {
      running = next;
      startedAt = performance.now();
      named = false;
      shown = [];
      partial = new TerminalText();
      live = "";
      reported = "";
      if (terminal) look();
      timer = setInterval(look, terminal ? terminalInterval : logInterval);
    },
    output(output) {
      if (output.type === "stream") streamed(output.text);
      else if (output.type === "clear_output") shown = [];
      else if (output.type === "error") shown.push({ id: undefined, text: output.traceback.join("\n") });
      else if (output.type === "execute_result") show(undefined, plainText(output.data));
      else if (output.type === "display_data") show(output.displayId, plainText(output.data));
      else if (shown.some(({ id }) => id === output.displayId)) show(output.displayId, plainText(output.data));
      else live = lastLine(plainText(output.data)); // of an earlier cell: progress, but not this cell's result
    },
    end(seconds) {
      clearInterval(timer);
      const rest = partial.toString();
      if (rest !== "") streamed("\n");
      const time = formatSeconds(seconds);
      const room = width() - 8 - time.length - 2;
      print(`${place()} ${cut(named ? "done" : title(), room).padEnd(room)}  ${time}`);
      for (const { text } of shown) for (const line of firstLines(text)) print(indent + line);
    },
  };
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
