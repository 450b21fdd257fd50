import { dirname } from "node:path";
import {
  bundleNow,
  displaysSettled,
  forgetDisplays,
  inspectLine,
  isThenable,
  repairAfterStop,
  setCurrentCell,
  toShown,
} from "../../display/index.js";
import { watchAssignments } from "./assignments.js";
import { asCausedBy, forgetCurrentCell, setLatestCell } from "./causes.js";
import { cellContext } from "./cellContext.js";
import { type CellState, newCellState } from "./cellState.js";
import { sendOutput } from "./events.js";
import { giveUp } from "./giveUp.js";
import { measured } from "./measured.js";
import { type Around, CellModules } from "./modules.js";
import type { CellCode, Outcome, Result, Variable } from "./protocol.js";
import { rawError } from "./rawError.js";
import type { RunningCells } from "./runningCells.js";

/** What a cell has thrown; anything can be thrown, also `undefined`. */
interface Failure {
  readonly error: unknown;
}

interface Running {
  readonly cell: CellCode;
  readonly state: CellState;
  /** Its place in the memory shared with the watcher thread. */
  readonly place: number;
  giveUp(): void;
}

/** Runs cells, several at once if they wait in turns, and stops them. */
export class CellRunner {
  /**
   * The `exports` object that all cells share. Converted code reads and writes every top-level name there, so a function
   * of an earlier cell sees what a later cell has redefined, and what a failed cell had assigned is kept.
   */
  #variables: Record<string, unknown> = Object.create(null);
  #modules = new CellModules();
  readonly #runningCells: RunningCells;
  readonly #running = new Map<number, Running>();

  /** @param runningCells shared with the watcher thread: the cells that may be terminated */
  constructor(runningCells: RunningCells) {
    this.#runningCells = runningCells;
    // For the debugger, which reaches the program through its globals only.
    const hooks = { describe: bundleNow };
    Object.defineProperty(hooks, "variables", { get: () => this.#variables });
    Object.defineProperty(globalThis, Symbol.for("kontrast.debug"), { value: hooks });
  }

  /** Runs one cell to its end, or until it is given up. Never rejects. */
  async run(cell: CellCode): Promise<Outcome> {
    const state = newCellState(cell);
    const unreached = watchAssignments(this.#variables, cell.assigned);
    const place = this.#runningCells.begin(cell.id);
    const givenUp = new Promise<"given up">((resolve) => {
      this.#running.set(cell.id, { cell, state, place, giveUp: () => resolve("given up") });
    });
    setLatestCell(state);
    setCurrentCell(cellContext(state, dirname(cell.fileName)));
    try {
      const ended = await Promise.race([asCausedBy(state, () => this.#evaluate(cell)), givenUp]);
      if (ended === "given up") return { status: "interrupted", unreached: unreached() };
      if (!state.abort.signal.aborted) return { status: "ok", result: ended };
      return { status: "interrupted", result: ended, unreached: unreached() };
    } catch (error) {
      if (state.abort.signal.aborted) return { status: "interrupted", unreached: unreached() };
      return { status: "error", error: rawError(error), unreached: unreached() };
    } finally {
      this.#runningCells.end(place);
      this.#running.delete(cell.id);
    }
  }

  /** Whether a cell runs. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Aborts this cell's signal, if it still runs; one that has not asked for it is given up at once. */
  interrupt(cell: number): void {
    const state = this.#running.get(cell)?.state;
    if (state?.listens) state.abort.abort(new Error("the cell was interrupted"));
    else this.abandon(cell);
  }

  /** Gives up this cell, if it still runs, whatever it is waiting for. */
  abandon(cell: number): void {
    const running = this.#running.get(cell);
    if (!running) return;
    // From here on our own code runs, which must not be terminated.
    this.#runningCells.end(running.place);
    giveUp(running.state);
    running.state.abort.abort(new Error("the cell was interrupted"));
    forgetDisplays(cell);
    // Not waited for: it is not known whether they come to an end.
    const disposing = { ...newCellState(running.cell), abort: running.state.abort };
    void asCausedBy(disposing, () => dispose(running.cell, this.#variables, undefined));
    running.giveUp();
  }

  /** The main thread was stopped for this cell's sake; what was stopped may have been of another. */
  terminated(cell: number): void {
    this.endStopped();
    this.abandon(cell);
  }

  /** Gives up the cell whose code was stopped, if any was. To be called when nothing runs. */
  endStopped(): void {
    const stopped = forgetCurrentCell();
    if (!stopped) return;
    repairAfterStop();
    this.abandon(stopped.id);
    giveUp(stopped);
  }

  /** Names and values of what the cells have declared, in alphabetical order. */
  variables(): Variable[] {
    const variables = this.#variables;
    const names = Object.keys(variables).toSorted();
    return names.map((name) => ({ name, value: lineOf(variables[name]) }));
  }

  /** Forgets all variables and local modules. */
  reset(): void {
    this.#variables = Object.create(null);
    this.#modules = new CellModules();
  }

  async #evaluate(cell: CellCode): Promise<Result | undefined> {
    // A cell that is terminated takes its callers on the stack with it; from here on there are none of ours.
    await null;
    const variables = this.#variables;
    // One of an earlier run was disposed of already.
    for (const { name } of cell.disposables) delete variables[name];
    let failure: Failure | undefined;
    let shown: Result | undefined;
    try {
      await this.#start(cell, variables);
      shown = await shownValue(cell, variables);
    } catch (error) {
      failure = { error };
    }
    // One that was given up has been disposed of then.
    if (this.#running.has(cell.id)) failure = await dispose(cell, variables, failure);
    // What the cell has put on show without waiting for it belongs before its end.
    await displaysSettled(cell.id);
    if (failure) throw failure.error;
    return shown;
  }

  async #start(cell: CellCode, variables: Record<string, unknown>): Promise<void> {
    const { fileName, sideModules, measure } = cell;
    this.#modules.add(sideModules);
    const record = this.#modules.record(fileName, variables);
    const compile = (around?: Around) => this.#modules.compile(cell, record, around);
    if (measure) sendOutput({ type: "stream", name: "stdout", text: await measured(measure, compile) });
    else await compile()();
  }
}

/** The value of the last expression as it is shown, if there is one to be shown. */
async function shownValue(
  { lastExpression, measure }: CellCode,
  variables: Record<string, unknown>,
): Promise<Result | undefined> {
  if (lastExpression === undefined) return undefined;
  try {
    // A promise is waited for, so that a forgotten `await` still shows the value, or the error.
    const last = variables[lastExpression];
    const value = isThenable(last) ? await last : last;
    forgetName(value, lastExpression);
    const isShown = measure === "timeit" || isDisplayHandle(value) || value === undefined;
    return isShown ? undefined : await toShown(value);
  } finally {
    delete variables[lastExpression];
  }
}

/** A function without a name of its own got that of the variable that kept it. */
function forgetName(value: unknown, kept: string): void {
  if (typeof value === "function" && value.name === kept) Object.defineProperty(value, "name", { value: "" });
}

/**
 * `using` at the top level of a cell ends with the cell, in the opposite order, each whatever the others do.
 *
 * @param failure of the cell so far; errors of disposing come on top, as `SuppressedError` would have it
 */
async function dispose(
  { disposables }: CellCode,
  variables: Record<string, unknown>,
  failure: Failure | undefined,
): Promise<Failure | undefined> {
  let latest = failure;
  for (const { name, isAsync } of disposables.toReversed()) {
    const value = variables[name] as { [Symbol.dispose]?(): void; [Symbol.asyncDispose]?(): Promise<void> } | undefined;
    if (value === undefined || value === null) continue;
    try {
      const end = (isAsync && value[Symbol.asyncDispose]) || value[Symbol.dispose];
      const wanted = isAsync ? "asyncDispose" : "dispose";
      if (!end) throw new TypeError(`using: ${name} must have a method [Symbol.${wanted}]()`);
      await end.call(value);
    } catch (error) {
      latest = { error: latest ? suppressed(error, latest.error) : error };
    }
  }
  return latest;
}

function suppressed(error: unknown, earlier: unknown): Error {
  const both = new Error(`an error while disposing of what the cell uses (${rawError(error).message})`, {
    cause: earlier,
  });
  return Object.assign(both, { name: "SuppressedError", error, suppressed: earlier });
}

/** A value may fail when it is looked at. */
function lineOf(value: unknown): string {
  try {
    return inspectLine(value);
  } catch (error) {
    return `<${rawError(error).message}>`;
  }
}

/** A handle's value is on show already. */
function isDisplayHandle(value: unknown): boolean {
  try {
    const { displayId, update } = (value ?? {}) as { displayId?: unknown; update?: unknown };
    return typeof displayId === "string" && typeof update === "function";
  } catch {
    return false; // a value that fails when it is looked at
  }
}
