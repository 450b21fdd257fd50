import { ChildProcess } from "./childProcess.js";
import { InterruptLadder } from "./interruptLadder.js";
import { OutputBuffer } from "./outputBuffer.js";
import type { CellCode, Event, Outcome, Output } from "./protocol.js";

/** How a cell ended, seen from the parent; `lost` if its process ended with it. */
export type CellEnd = Outcome | { readonly status: "lost"; readonly reason: string; readonly interrupted: boolean };

/** What the executor tells besides the ends of cells. */
export interface ExecutorListener {
  /** A cell shows something; possibly long after its end. `cell` is 0 if nobody knows which. */
  onOutput(cell: number, output: Output): void;
  /** The process is gone, and all variables with it; a new one has taken its place. */
  onReplaced(reason: string, whileRunning: boolean): void;
}

interface RunningCell {
  readonly id: number;
  readonly ladder: InterruptLadder;
  listens: boolean;
  end(end: CellEnd): void;
}

/** Runs cells in a process of their own, one at a time, and replaces that process when it ends. */
export class Executor {
  readonly #folder: string;
  readonly #listener: ExecutorListener;
  readonly #output: OutputBuffer;
  #child: ChildProcess | undefined;
  #ready = false;
  #running: RunningCell | undefined;
  #latest = 0;
  #closed = false;

  constructor(folder: string, listener: ExecutorListener) {
    this.#folder = folder;
    this.#listener = listener;
    this.#output = new OutputBuffer((cell, output) => listener.onOutput(cell, output));
    this.#startChild();
  }

  /** Runs one cell. All its output has been passed on when this resolves. */
  run(code: CellCode): Promise<CellEnd> {
    if (this.#running) throw new Error("Executor.run: the cell before must have ended");
    const child = this.#child ?? this.#startChild();
    return new Promise((end) => {
      const cell: RunningCell = {
        id: code.id,
        ladder: new InterruptLadder(child, code.id, () => cell.listens),
        listens: false,
        end: (how) => {
          cell.ladder.stop();
          this.#running = undefined;
          this.#output.flush();
          end(how);
        },
      };
      this.#running = cell;
      this.#latest = code.id;
      child.send({ type: "run", cell: code });
    });
  }

  /** Stops the running cell, more forcefully each time it is called again; nothing happens if there is none. */
  interrupt(): void {
    this.#running?.ladder.interrupt();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#child?.close();
  }

  #startChild(): ChildProcess {
    const child: ChildProcess = new ChildProcess(this.#folder, {
      onEvent: (event) => this.#take(child, event),
      onNativeOutput: (output) => this.#output.add(this.#latest, output),
      onExit: (reason) => this.#replace(reason),
    });
    this.#child = child;
    this.#ready = false;
    return child;
  }

  #take(child: ChildProcess, event: Event): void {
    if (event.type === "ready") this.#ready = true;
    if (event.type === "output") this.#output.add(event.cell, event.output);
    if (event.type === "listens" && this.#running?.id === event.cell) this.#running.listens = true;
    if (event.type === "done" && this.#running?.id === event.cell) {
      const { end, id } = this.#running;
      void child.nativeOutputRead(id).then(() => end(event.outcome));
    }
  }

  #replace(reason: string): void {
    if (this.#closed) return;
    this.#output.flush();
    this.#child = undefined;
    // One that did not even start is tried again with the next cell, not for ever.
    if (this.#ready) this.#startChild();
    const cell = this.#running;
    this.#listener.onReplaced(reason, cell !== undefined);
    cell?.end({ status: "lost", reason, interrupted: cell.ladder.started });
  }
}
