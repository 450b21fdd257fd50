import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { RawError } from "../executor/index.js";
import type { CellBook } from "./cellBook.js";
import type { ErrorContent } from "./errorContent.js";
import { plainMessage } from "./plainMessage.js";

/** A place in the user's own code. */
interface Frame {
  /** Such as `cell 3` or `helpers.ts`. */
  readonly place: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
  /** The cell's code; absent for files. */
  readonly code?: string;
}

/** Most frames that are shown: a recursion without end has thousands of equal ones. */
const mostFrames = 8;
/** Lines of code above and below the one that threw. */
const context = 2;

/**
 * An error as front ends show it: frames of the user's cells and files only, in the coordinates of what the user wrote,
 * with the piece of code that threw.
 *
 * @param folder the notebook's folder; files in it are the user's
 */
export function errorContent(error: RawError, cells: CellBook, folder: string): ErrorContent {
  return { ename: error.name, evalue: plainMessage(error), traceback: describe(error, cells, folder) };
}

function describe(error: RawError, cells: CellBook, folder: string): string[] {
  const frames = userFrames(error.stack, cells, folder);
  const [top, ...others] = frames.slice(0, mostFrames);
  const parts = [titleOf(error)];
  if (top) parts.push([where(top), ...excerpt(top)].join("\n"));
  if (others.length > 0) parts.push(others.map(where).join("\n"));
  if (frames.length > mostFrames) parts.push(`    … ${frames.length - mostFrames} more`);
  for (const { relation, error: inner } of error.inner ?? []) {
    const [first = "", ...rest] = describe(inner, cells, folder);
    parts.push(`${relation} ${first}`, ...rest);
  }
  if (error.untold) parts.push(`… ${error.untold} more ${error.untold === 1 ? "error" : "errors"}`);
  return parts;
}

function titleOf(error: RawError): string {
  return error.message === "" ? error.name : `${error.name}: ${plainMessage(error)}`;
}

function where({ place, line, column, function: name }: Frame): string {
  return `    at ${place}, line ${line}, column ${column}${name ? `, in ${name}` : ""}`;
}

function excerpt({ code, line, column }: Frame): string[] {
  if (code === undefined) return [];
  const lines = code.split("\n");
  const first = Math.max(1, line - context);
  const last = Math.min(lines.length, line + context);
  const width = String(last).length;
  return lines.slice(first - 1, last).flatMap((text, index) => {
    const number = first + index;
    const shown = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text}`;
    if (number !== line) return [shown];
    // Tabs before the caret stay tabs, so that it stands below its character.
    return [shown, `  ${" ".repeat(width)} | ${text.slice(0, column - 1).replace(/[^\t]/g, " ")}^`];
  });
}

/** Our own compiled code, seen from `dist/kernel/handlers/`: the user did not write it, wherever the notebook is. */
const ownCode = fileURLToPath(new URL("../../", import.meta.url));

/** A frame: a function with its place in brackets, or the place alone, as of a cell that waits. */
const framePattern = /^\s+at (?:(.*?) \(|async )?(?:file:\/\/)?(\/.*|[A-Za-z]:\\.*):(\d+):(\d+)\)?$/;

function userFrames(stack: string, cells: CellBook, folder: string): Frame[] {
  const frames: Frame[] = [];
  for (const text of stack.split("\n")) {
    const [, caller = "", path, line, column] = framePattern.exec(text) ?? [];
    if (path === undefined) continue;
    const file = text.includes("file://") ? pathOf(`file://${path}`) : path;
    const frame = locate(file, Number(line), Number(column), cells, folder);
    if (frame) frames.push({ ...frame, function: functionName(caller) });
  }
  return frames;
}

/** A stack may come from elsewhere, with addresses that are no paths here. */
function pathOf(address: string): string {
  try {
    return fileURLToPath(address);
  } catch {
    return address;
  }
}

function locate(file: string, line: number, column: number, cells: CellBook, folder: string) {
  const cell = cells.byFile(file);
  if (cell) return { place: `cell ${cell.number}`, code: cell.code, line, column };
  const path = relative(folder, file);
  const isUsers = !path.startsWith("..") && !path.includes("node_modules") && !file.startsWith(ownCode);
  return isUsers ? { place: path, line, column } : undefined;
}

/** The cell itself is an anonymous function of ours, and converted calls look like `(0 , name)` or `exports.name`. */
function functionName(caller: string): string {
  const name = caller.replace(/^(async|new) /, "").replace(/^(exports|Proxy|Object)\.(?!<)/, "");
  return name.startsWith("Object.<anonymous>") || name === "<anonymous>" ? "" : name;
}
