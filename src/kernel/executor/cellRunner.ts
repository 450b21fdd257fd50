import { dirname } from "node:path";
import { bundleNow, displaysSettled, inspectLine, setCurrentCell, toShown } from "../../display/index.js";
import { asCausedBy, forgetCurrentCell, setLatestCell } from "./causes.js";
import { cellContext } from "./cellContext.js";
import { type CellState, newCellState } from "./cellState.js";
import { sendOutput } from "./events.js";
import { measured } from "./measured.js";
import { CellModules, compileBody } from "./modules.js";
import type { CellCode, Outcome, Result, Variable } from "./protocol.js";
import { rawError } from "./rawError.js";
import { addSourceMap } from "./stackTraces.js";
import { clearTimersOf } from "./timers.js";
import { createVariables } from "./variables.js";

interface Running {
  readonly state: CellState;
  /** Its place in the memory shared with the watcher thread. */
  readonly slot: number;
  giveUp(): void;
}

/** Runs cells, several at once if they wait in turns, and stops them. */
export class CellRunner {
  #variables = createVariables();
  #modules = new CellModules();
  readonly #runningIds: Int32Array;
  readonly #running = new Map<number, Running>();

  /** @param runningIds shared with the watcher thread: the cells that may be terminated, 0 for free places */
  constructor(runningIds: Int32Array) {
    this.#runningIds = runningIds;
    // For the debugger, which reaches the program through its globals only.
    const hooks = { describe: bundleNow };
    Object.defineProperty(hooks, "variables", { get: () => this.#variables.plain });
    Object.defineProperty(globalThis, Symbol.for("kontrast.debug"), { value: hooks });
  }

  /** Runs one cell to its end, or until it is given up. Never rejects. */
  async run(cell: CellCode): Promise<Outcome> {
    const state = newCellState(cell);
    const slot = Math.max(0, this.#runningIds.indexOf(0));
    const givenUp = new Promise<"given up">((resolve) => {
      this.#running.set(cell.id, { state, slot, giveUp: () => resolve("given up") });
    });
    Atomics.store(this.#runningIds, slot, cell.id);
    setLatestCell(state);
    setCurrentCell(cellContext(state, dirname(cell.fileName)));
    try {
      const ended = await Promise.race([asCausedBy(state, () => this.#evaluate(cell)), givenUp]);
      if (ended === "given up") return { status: "interrupted" };
      return { status: state.abort.signal.aborted ? "interrupted" : "ok", result: ended };
    } catch (error) {
      if (state.abort.signal.aborted) return { status: "interrupted" };
      return { status: "error", error: rawError(error) };
    } finally {
      Atomics.store(this.#runningIds, slot, 0);
      this.#running.delete(cell.id);
    }
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
    Atomics.store(this.#runningIds, running.slot, 0);
    clearTimersOf(running.state);
    running.state.abort.abort(new Error("the cell was interrupted"));
    running.giveUp();
  }

  /** The main thread was stopped for this cell's sake; what was stopped may have been of another. */
  terminated(cell: number): void {
    const stopped = forgetCurrentCell();
    this.abandon(cell);
    if (!stopped) return;
    this.abandon(stopped.id);
    clearTimersOf(stopped);
  }

  /** Names and values of what the cells have declared, in alphabetical order. */
  variables(): Variable[] {
    const { plain } = this.#variables;
    const names = Object.keys(plain).toSorted();
    return names.map((name) => ({ name, value: inspectLine(plain[name]) }));
  }

  /** Forgets all variables and local modules. */
  reset(): void {
    this.#variables = createVariables();
    this.#modules = new CellModules();
  }

  async #evaluate(cell: CellCode): Promise<Result | undefined> {
    // A cell that is terminated takes its callers on the stack with it; from here on there are none of ours.
    await null;
    const { exports: variables } = this.#variables;
    try {
      await this.#start(cell, variables);
      if (cell.lastExpression === undefined) return undefined;
      // A promise is waited for, so that a forgotten `await` still shows the value, or the error.
      const value = await variables[cell.lastExpression];
      const isShown = cell.measure === "timeit" || isDisplayHandle(value) || value === undefined;
      return isShown ? undefined : await toShown(value);
    } finally {
      if (cell.lastExpression !== undefined) delete variables[cell.lastExpression];
      await dispose(cell, variables);
      // What the cell has put on show without waiting for it belongs before its end.
      await displaysSettled();
    }
  }

  async #start(
    { javascript, sourceMap, fileName, sideModules, measure }: CellCode,
    variables: Record<string, unknown>,
  ): Promise<void> {
    this.#modules.add(sideModules);
    addSourceMap(fileName, sourceMap);
    const record = this.#modules.record(fileName, variables);
    const run = (code: string, ...given: unknown[]) => {
      const body = compileBody(code, fileName);
      return body(
        variables,
        this.#modules.requireFrom(dirname(fileName)),
        record,
        fileName,
        dirname(fileName),
        ...given,
      );
    };
    if (measure) sendOutput({ type: "stream", name: "stdout", text: await measured(measure, javascript, run) });
    else await run(javascript);
  }
}

/** `using` at the top level of a cell ends with the cell. */
async function dispose({ disposables }: CellCode, variables: Record<string, unknown>): Promise<void> {
  for (const { name, isAsync } of disposables.toReversed()) {
    const value = variables[name] as { [Symbol.dispose]?(): void; [Symbol.asyncDispose]?(): Promise<void> } | undefined;
    if (value === undefined || value === null) continue;
    const end = (isAsync && value[Symbol.asyncDispose]) || value[Symbol.dispose];
    if (!end)
      throw new TypeError(`using: ${name} must have a method [Symbol.${isAsync ? "asyncDispose" : "dispose"}]()`);
    await end.call(value);
  }
}

/** A handle's value is on show already. */
function isDisplayHandle(value: unknown): boolean {
  const { displayId, update } = (value ?? {}) as { displayId?: unknown; update?: unknown };
  return typeof displayId === "string" && typeof update === "function";
}
