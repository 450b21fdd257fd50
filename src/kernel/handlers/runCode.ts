import { createHash } from "node:crypto";
import { join } from "node:path";
import type { CellEnd, Result } from "../executor/index.js";
import type { CellError, ConvertedCell } from "../language/index.js";
import type { Sender } from "./cellBook.js";
import { type ErrorContent, errorMessage } from "./errorContent.js";
import type { Execution, Kernel } from "./kernel.js";
import type { Request } from "./request.js";
import type { Shell } from "./shells.js";
import { errorContent } from "./traceback.js";

/** How a piece of code ended: its value as it is shown, or why there is none. */
export interface Ran {
  readonly value?: Result | undefined;
  readonly error?: ErrorContent;
  /** Names that it would have assigned, and has not come to; of code that has ended well there are none. */
  readonly unreached?: readonly string[];
}

/** What all pieces of one request have in common. */
export interface RunContext {
  readonly request: Request;
  readonly kernel: Kernel;
  readonly shell: Shell;
  /** Number of the cell. */
  readonly count: number;
  readonly execution: Execution;
  /** The cell as it was sent: its lines are shown with errors. */
  readonly code: string;
}

/** A piece of code that was checked and may run. */
export interface Prepared {
  readonly conversion: ConvertedCell;
  /** Such as `cell-3`: unique within the cell. */
  readonly name: string;
  readonly measure?: "time" | "timeit" | undefined;
  /** Whether the user has written it; default true. */
  readonly isUsers?: boolean;
}

export const interrupted: ErrorContent = errorMessage(
  "Interrupted",
  "the cell was interrupted; what it had assigned is kept",
);

/** Runs what was prepared. */
export async function runPrepared(prepared: Prepared, context: RunContext): Promise<Ran> {
  const { conversion, name, measure, isUsers = true } = prepared;
  const { request, kernel, count, execution, code } = context;
  const { content, metadata } = request.message;
  const { cells, executor, folder } = kernel;
  const fileName = cells.freshName(join(folder, name));
  const { sourceMap, sideModules: files } = conversion;
  const silent = content["silent"] === true;
  const cell = cells.add({ number: count, fileName, code, silent, sender: senderOf(request) });
  if (isUsers) await kernel.debugger.prepare({ fileName, code, sourceMap, files });
  if (execution.abort.signal.aborted) return { error: interrupted, unreached: conversion.assigned };
  const end = await executor.run({
    ...codeOf(conversion),
    id: cell.id,
    fileName,
    key: keyOf(metadata, code),
    allowStdin: content["allow_stdin"] !== false,
    measure,
  });
  return ranFrom(end, kernel);
}

/** Runs JavaScript of our own where the cells run. */
export async function runJavaScript(javascript: string, context: RunContext): Promise<Ran> {
  const sourceMap = { version: 3 as const, names: [], sources: [], mappings: "" };
  const conversion = {
    ok: true as const,
    javascript,
    sourceMap,
    assigned: [],
    disposables: [],
    sideModules: [],
    declarations: "",
  };
  return runPrepared({ conversion, name: "magic", isUsers: false }, context);
}

function codeOf({ javascript, sourceMap, lastExpression, assigned, disposables }: ConvertedCell) {
  return { javascript, sourceMap, lastExpression, assigned, disposables };
}

/** Without the content: it may be large, and is kept as long as the cell is known. */
function senderOf({ channel, message: { header, identities } }: Request): Sender {
  return { channel, message: { header, identities } };
}

/** Front ends that name their cells do so in the metadata; for others the code itself is the name. */
function keyOf({ cellId }: Record<string, unknown>, code: string): string {
  return typeof cellId === "string" ? cellId : createHash("sha256").update(code).digest("hex").slice(0, 16);
}

function ranFrom(end: CellEnd, kernel: Kernel): Ran {
  switch (end.status) {
    case "ok":
      return { value: end.result };
    case "error":
      return { error: errorContent(end.error, kernel.cells, kernel.folder), unreached: end.unreached };
    case "interrupted":
      return { value: end.result, error: interrupted, unreached: end.unreached };
    case "lost": {
      const cause = end.interrupted
        ? "the cell could not be stopped within its process, which was replaced"
        : `the process of the cells ${end.reason}`;
      return { error: errorMessage("ProcessLost", `${cause}; all variables are gone, run the cells above again`) };
    }
  }
}

/** What the compiler refuses, as an error of the cell. */
export function compilerErrors(errors: readonly CellError[], number: number): ErrorContent {
  const [first] = errors;
  const place = ({ file, line, column }: CellError) => `${file ?? `cell ${number}`}, line ${line}, column ${column}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const evalue = first ? `TS${first.code} in ${place(first)}: ${first.message}${more}` : "the cell cannot be compiled";
  return {
    ename: "TypeScriptError",
    evalue,
    traceback: [`TypeScriptError: ${evalue}`, ...errors.map(({ text }) => text)],
  };
}
