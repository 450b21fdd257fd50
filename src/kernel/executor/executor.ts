import { ChildProcess } from "./childProcess.js";
import { IdleInterrupt } from "./idleInterrupt.js";
import type { Inspector } from "./inspector.js";
import { InterruptLadder } from "./interruptLadder.js";
import { OutputBuffer } from "./outputBuffer.js";
import type { CellCode, CommMessage, Event, Outcome, Output, SideModule, Variable } from "./protocol.js";

/** How a cell ended, seen from the parent; `lost` if its process ended with it. */
export type CellEnd = Outcome | { readonly status: "lost"; readonly reason: string; readonly interrupted: boolean };

/** A question of a cell to the person at the front end. */
export interface Question {
  readonly prompt: string;
  /** Whether the answer is not to be seen. */
  readonly secret: boolean;
}

/** What the executor tells besides the ends of cells. */
export interface ExecutorListener {
  /**
   * A cell shows something; possibly long after its end. `cell` is 0 if nobody knows which. Cells that print faster than
   * this resolves are slowed down.
   */
  onOutput(cell: number, output: Output): Promise<void>;
  /** A cell asks something; `undefined` if there will be no answer. */
  onQuestion(cell: number, question: Question): Promise<string | undefined>;
  /** The process is gone, and all variables with it; a new one has taken its place. */
  onReplaced(reason: string, whileRunning: boolean): void;
}

interface RunningCell {
  readonly id: number;
  readonly ladder: InterruptLadder;
  listens: boolean;
  end(end: CellEnd): void;
}

/** What may be on its way to the front ends, UTF-16 units of text or JSON. */
const mostUnderWay = 16 * 2 ** 20;

/** Runs cells in a process of their own, and replaces that process when it ends. */
export class Executor {
  readonly #folder: string;
  readonly #listener: ExecutorListener;
  readonly #output: OutputBuffer;
  readonly #running = new Map<number, RunningCell>();
  readonly #waiting = new Map<number, (variables: readonly Variable[]) => void>();
  readonly #modules = new Map<string, SideModule>();
  /** Paths of those that the present process has not got. */
  readonly #unsent = new Set<string>();
  readonly #idleInterrupt = new IdleInterrupt(() => this.#child);
  #child: ChildProcess | undefined;
  #ready = false;
  #latest = 0;
  #requests = 0;
  #underWay = 0;
  #closed = false;

  constructor(folder: string, listener: ExecutorListener) {
    this.#folder = folder;
    this.#listener = listener;
    this.#output = new OutputBuffer((cell, output, size) => this.#pass(cell, output, size));
    this.#startChild();
  }

  /** Process id of the child; `undefined` while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The child's inspector. */
  get inspector(): Inspector {
    return (this.#child ?? this.#startChild()).inspector;
  }

  /** Learns of local files that cells import, converted; each process gets those that it has not got with the next cell. */
  addModules(modules: readonly SideModule[]): void {
    for (const module of modules) {
      this.#modules.set(module.path, module);
      this.#unsent.add(module.path);
    }
  }

  /** Runs one cell. All its output has been passed on when this resolves. */
  run(given: Omit<CellCode, "sideModules">): Promise<CellEnd> {
    const child = this.#child ?? this.#startChild();
    const sideModules = [...this.#unsent].map((path) => this.#modules.get(path) as SideModule);
    this.#unsent.clear();
    const code: CellCode = { ...given, sideModules };
    return new Promise((end) => {
      const cell: RunningCell = {
        id: code.id,
        ladder: new InterruptLadder(
          child,
          code.id,
          () => cell.listens,
          (seconds) => this.#warn(code.id, seconds),
        ),
        listens: false,
        end: (how) => {
          cell.ladder.stop();
          this.#running.delete(code.id);
          this.#output.flush();
          end(how);
        },
      };
      this.#running.set(code.id, cell);
      this.#latest = code.id;
      child.send({ type: "run", cell: code });
    });
  }

  /** Stops all running cells, more forcefully each time it is called again, or what keeps an idle process busy. */
  interrupt(): void {
    for (const { ladder } of this.#running.values()) ladder.interrupt();
    if (this.#running.size === 0) this.#idleInterrupt.start();
  }

  /** Hands a comm's message to the code that listens to it. */
  sendComm(message: CommMessage): void {
    this.#child?.send({ type: "comm", message });
  }

  /** Names and values of the variables; waits for a main thread that is busy, until `signal` is aborted. */
  variables(signal: AbortSignal): Promise<readonly Variable[]> {
    return this.#ask("variables", signal);
  }

  /** Forgets all variables and local modules; waits as {@link variables} does. */
  async reset(signal: AbortSignal): Promise<void> {
    await this.#ask("reset", signal);
    this.#sendAllModules();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#child?.close();
  }

  #ask(type: "variables" | "reset", signal: AbortSignal): Promise<readonly Variable[]> {
    const request = ++this.#requests;
    const child = this.#child ?? this.#startChild();
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, resolve);
      signal.addEventListener("abort", () => reject(new Error("interrupted while the cells' process was busy")), {
        once: true,
      });
      child.send({ type, request });
    });
  }

  /** Whatever runs next has got none of the local files. */
  #sendAllModules(): void {
    for (const path of this.#modules.keys()) this.#unsent.add(path);
  }

  #startChild(): ChildProcess {
    const child: ChildProcess = new ChildProcess(this.#folder, {
      onEvent: (event, size) => this.#take(child, event, size),
      onNativeOutput: (output) => this.#output.add(this.#latest, output, output.text.length),
      onExit: (reason) => this.#replace(reason),
    });
    this.#child = child;
    this.#ready = false;
    this.#sendAllModules();
    return child;
  }

  #take(child: ChildProcess, event: Event, size: number): void {
    switch (event.type) {
      case "ready":
        this.#ready = true;
        return;
      case "pong":
        this.#idleInterrupt.stop();
        return;
      case "output":
        this.#output.add(event.cell, event.output, size);
        return;
      case "listens": {
        const cell = this.#running.get(event.cell);
        if (cell) cell.listens = true;
        return;
      }
      case "question":
        void this.#answer(child, event);
        return;
      case "variables":
        this.#waiting.get(event.request)?.(event.variables);
        this.#waiting.delete(event.request);
        return;
      case "done":
        void child.nativeOutputRead(event.cell).then(() => this.#running.get(event.cell)?.end(event.outcome));
    }
  }

  #warn(cell: number, seconds: number): void {
    const text = `The cell does not stop. In ${seconds} s its process will be killed, and all variables with it; to stop once more kills it now.\n`;
    this.#output.add(cell, { type: "stream", name: "stderr", text }, text.length);
  }

  /** What is on its way to the front ends is limited: when it is much, the child's output is not read, so that it waits. */
  #pass(cell: number, output: Output, size: number): void {
    this.#underWay += size;
    if (this.#underWay > mostUnderWay) this.#child?.pause();
    const passed = () => {
      this.#underWay -= size;
      if (this.#underWay <= mostUnderWay / 2) this.#child?.resume();
    };
    this.#listener.onOutput(cell, output).then(passed, passed);
  }

  async #answer(child: ChildProcess, event: Extract<Event, { type: "question" }>): Promise<void> {
    const { cell, question, prompt, secret } = event;
    // What was printed before belongs above the question.
    this.#output.flush();
    // Without an answer the cell is told so; nobody else could be.
    const value = await this.#listener.onQuestion(cell, { prompt, secret }).catch(() => undefined);
    child.send({ type: "answer", question, ...(value !== undefined && { value }) });
  }

  #replace(reason: string): void {
    if (this.#closed) return;
    this.#idleInterrupt.stop();
    this.#output.flush();
    this.#child = undefined;
    // One that did not even start is tried again with the next cell, not for ever.
    if (this.#ready) this.#startChild();
    const cells = [...this.#running.values()];
    this.#listener.onReplaced(reason, cells.length > 0);
    for (const resolve of this.#waiting.values()) resolve([]);
    this.#waiting.clear();
    for (const cell of cells) cell.end({ status: "lost", reason, interrupted: cell.ladder.started });
  }
}
