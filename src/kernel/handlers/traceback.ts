import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isInside } from "../../check/index.js";
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
  /** The cell's code; absent for files, except for the one line that cannot be parsed. */
  readonly code?: string;
  /** Where `code` begins; default 1. */
  readonly firstLine?: number;
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
  const frames = [...unparsed(error.stack, folder), ...userFrames(error.stack, cells, folder)];
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

function excerpt({ code, firstLine = 1, line, column }: Frame): string[] {
  if (code === undefined) return [];
  const lines = code.split("\n");
  const first = Math.max(firstLine, line - context);
  const last = Math.min(firstLine + lines.length - 1, line + context);
  const width = String(last).length;
  return lines.slice(first - firstLine, last - firstLine + 1).flatMap((text, index) => {
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

/** What the stack of a syntax error begins with: a place, the line that cannot be parsed, and a caret below it. */
const unparsedPattern = /^(.+):(\d+)\n(.*)\n(\s*)\^+\n\n/;

/** Where a file cannot be parsed: no frame tells of it, since the file has not run. */
function unparsed(stack: string, folder: string): Frame[] {
  const [, path, line, code = "", indent = ""] = unparsedPattern.exec(stack) ?? [];
  if (path === undefined) return [];
  const file = path.startsWith("file://") ? pathOf(path) : path;
  const place = within(folder, file) ?? file;
  return [{ place, line: Number(line), column: indent.length + 1, function: "", code, firstLine: Number(line) }];
}

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
  const place = within(folder, file);
  const isUsers = place !== undefined && !place.includes("node_modules") && !file.startsWith(ownCode);
  return isUsers ? { place, line, column } : undefined;
}

/** The path of a file as seen from the notebook's folder, if it is in there. */
function within(folder: string, file: string): string | undefined {
  return isInside(folder, file) ? relative(folder, file) : undefined;
}

/** The cell itself is an anonymous function of ours, and converted calls look like `(0 , name)` or `exports.name`. */
function functionName(caller: string): string {
  const name = caller.replace(/^(async|new) /, "").replace(/^(exports|Proxy|Object)\.(?!<)/, "");
  return name.startsWith("Object.<anonymous>") || name === "<anonymous>" ? "" : name;
}
