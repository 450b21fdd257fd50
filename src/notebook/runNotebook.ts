import type { ExecuteResult, KernelClient, KernelError, KernelOutput } from "../kernel/client/index.js";
import { failingLine } from "./failingLine.js";
import type { CodeCell, Notebook, NotebookMetadata } from "./format.js";
import { CellOutputs, Displays } from "./outputs.js";

/** Seconds a cell that ran out of time has to end after its interrupt; then the kernel is killed. */
const timeoutGrace = 10;

/** A code cell and its place among the cells that run. */
export interface RunningCell {
  readonly cell: CodeCell;
  /** From 1. */
  readonly number: number;
  readonly count: number;
}

/** Options of {@link runNotebook}. */
export interface RunNotebookOptions {
  /** Interrupts the running cell and starts no other when aborted. */
  readonly signal?: AbortSignal;
  /** Seconds each cell may take; default: no limit. */
  readonly timeout?: number;
  readonly onStart?: (cell: RunningCell) => void;
  readonly onOutput?: (cell: RunningCell, output: KernelOutput) => void;
  readonly onEnd?: (cell: RunningCell, seconds: number) => void;
}

/** Why a run ended at a cell. */
export interface CellFailure {
  /** Number of the cell among the code cells, from 1. */
  readonly number: number;
  /** Line in the cell, from 1, where it can be told. */
  readonly line?: number;
  readonly error: KernelError;
}

export type RunOutcome =
  | { readonly status: "ok" | "interrupted"; readonly cells: number; readonly seconds: number }
  | { readonly status: "failed"; readonly cells: number; readonly seconds: number; readonly failure: CellFailure };

/**
 * Runs the code cells of a notebook in order and puts their outputs into it. Old outputs are removed from all cells
 * first, so that nothing in it is older than this run. Stops at the first cell that fails, unless the cell has
 * the tag `raises-exception`. Never rejects for what a cell does: a kernel that dies is the failure of its cell.
 */
export async function runNotebook(
  notebook: Notebook,
  kernel: KernelClient,
  options: RunNotebookOptions = {},
): Promise<RunOutcome> {
  const { signal, onStart, onOutput, onEnd } = options;
  const start = performance.now();
  const code = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  for (const cell of code) clear(cell);
  describeKernel(notebook.metadata, kernel);
  const displays = new Displays();
  const cells = code.filter((cell) => cell.source.trim() !== "");
  let over = false;
  const finish = <T extends object>(ran: number, status: T) => {
    over = true;
    return { ...status, cells: ran, seconds: (performance.now() - start) / 1000 };
  };

  for (const [index, cell] of cells.entries()) {
    if (signal?.aborted) return finish(index, { status: "interrupted" });
    const running = { cell, number: index + 1, count: cells.length };
    const outputs = new CellOutputs(cell, displays);
    const cellStart = performance.now();
    const receive = (output: KernelOutput) => {
      if (over) return; // what code left running says while the kernel shuts down belongs to no notebook
      outputs.receive(output);
      onOutput?.(running, output);
    };
    onStart?.(running);
    const error = await runCell(cell, kernel, receive, options);
    onEnd?.(running, (performance.now() - cellStart) / 1000);
    if (signal?.aborted) return finish(index + 1, { status: "interrupted" });
    if (!error || mayFail(cell)) continue;
    const line = failingLine(error, cell.execution_count);
    const failure = { number: index + 1, error, ...(line === undefined ? {} : { line }) };
    return finish(index + 1, { status: "failed", failure });
  }
  return finish(cells.length, { status: "ok" });
}

/** Runs one cell; resolves to its error if it has failed, which is among its outputs then as well. */
async function runCell(
  cell: CodeCell,
  kernel: KernelClient,
  receive: (output: KernelOutput) => void,
  { signal, timeout }: RunNotebookOptions,
): Promise<KernelError | undefined> {
  let told = false;
  const onOutput = (output: KernelOutput) => {
    if (output.type === "error") told = true;
    receive(output);
  };
  const limit = timeout === undefined ? undefined : limitTime(kernel, timeout);
  // If the kernel dies meanwhile, `execute` says so.
  const interrupt = () => void kernel.interrupt().catch(() => undefined);
  signal?.addEventListener("abort", interrupt, { once: true });
  let error: KernelError | undefined;
  try {
    const result = await kernel.execute(cell.source, { onOutput });
    note(cell, result);
    error = result.status === "aborted" ? aborted : result.error;
  } catch (cause) {
    const { name, message } = cause as Error;
    error = { name, message, traceback: [`${name}: ${message}`] };
  } finally {
    signal?.removeEventListener("abort", interrupt);
    limit?.stop();
  }
  if (limit?.passed()) {
    const message = `the cell took longer than ${timeout} s`;
    error = { name: "Timeout", message, traceback: [`Timeout: ${message}`] };
    told = false;
  }
  if (error && !told) receive({ type: "error", ...error });
  return error;
}

const aborted: KernelError = { name: "Aborted", message: "the kernel did not run the cell", traceback: [] };

/** What a timer can wait for at most, ms: 24 days. */
const longestTimer = 2 ** 31 - 1;

/** Interrupts the kernel after some seconds, and kills it when that does not help. */
function limitTime(kernel: KernelClient, seconds: number) {
  let passed = false;
  let timer = setTimeout(
    () => {
      passed = true;
      timer = setTimeout(() => void kernel.kill(), timeoutGrace * 1000);
      kernel.interrupt().catch(() => undefined); // a dead kernel is `execute`'s to report
    },
    Math.min(1000 * seconds, longestTimer),
  );
  return { passed: () => passed, stop: () => clearTimeout(timer) };
}

function clear(cell: CodeCell): void {
  cell.outputs = [];
  cell.execution_count = null;
  delete cell.metadata["execution"];
}

function note(cell: CodeCell, { executionCount, times }: ExecuteResult): void {
  cell.execution_count = executionCount;
  cell.metadata["execution"] = { ...times };
}

function mayFail({ metadata }: CodeCell): boolean {
  return Array.isArray(metadata["tags"]) && metadata["tags"].includes("raises-exception");
}

function describeKernel(metadata: NotebookMetadata, { info }: KernelClient): void {
  const language = info["language_info"];
  if (typeof language !== "object" || language === null) return;
  metadata.language_info = language as Record<string, unknown>;
}
