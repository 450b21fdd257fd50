import type { ChildProcess } from "./childProcess.js";

/** From asking to the next rung, for a cell that has not asked for its signal, ms. */
const grace = 100;
/** The same for one that has, ms: it wants to end its step and save. */
const listenerGrace = 10_000;
/** From stopping the main thread to interrupting the programs that it may be waiting for, ms. */
const programsGrace = 500;
/** From there to saying that the process will be killed, ms. */
const warnGrace = 1000;
/** From there to killing the process, which loses the variables, ms. */
const killGrace = 10_000;
/** A repeated interrupt climbs at once, but not if it comes sooner than this, ms: it may be the same key stroke. */
const repeat = 1000;

/**
 * Stops one cell by ever stronger means: asking (wakes a waiting cell, aborts the signal of one that listens); giving it
 * up; stopping the main thread from the watcher thread; interrupting the programs that it has started, for which it may
 * be waiting; killing the process. SIGINT with `vm`'s `breakOnSigint` would
 * stop a loop sooner, but of 75 such signals that came while a cell went from running to waiting, one was lost or struck
 * the next cell.
 */
export class InterruptLadder {
  readonly #child: ChildProcess;
  readonly #cell: number;
  readonly #listens: () => boolean;
  readonly #warn: (seconds: number) => void;
  #rungs: (() => number | undefined)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #climbed = 0;
  started = false;

  /**
   * @param listens whether the cell has asked for its signal
   * @param warn told in how many seconds the process will be killed
   */
  constructor(child: ChildProcess, cell: number, listens: () => boolean, warn: (seconds: number) => void) {
    this.#child = child;
    this.#cell = cell;
    this.#listens = listens;
    this.#warn = warn;
  }

  /** Begins, or goes one rung up when the user asks again. */
  interrupt(): void {
    if (!this.started) {
      this.started = true;
      const rungs = [this.#ask, this.#abandon, this.#terminate, this.#interruptPrograms, this.#announce, this.#kill];
      this.#rungs = rungs.map((rung) => rung.bind(this));
    } else if (Date.now() - this.#climbed < repeat) return;
    this.#climb();
  }

  /** The cell has ended. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#rungs = [];
  }

  #climb(): void {
    clearTimeout(this.#timer);
    this.#climbed = Date.now();
    const wait = this.#rungs.shift()?.();
    if (wait !== undefined) this.#timer = setTimeout(() => this.#climb(), wait);
  }

  #ask(): number {
    this.#child.send({ type: "interrupt", cell: this.#cell });
    return this.#listens() ? listenerGrace : grace;
  }

  #abandon(): number {
    this.#child.send({ type: "abandon", cell: this.#cell });
    // Whoever does not listen had its time: its main thread is busy and will not read this before it is stopped.
    return this.#listens() ? grace : 0;
  }

  #terminate(): number {
    this.#child.terminate(this.#cell);
    return programsGrace;
  }

  #interruptPrograms(): number {
    this.#child.interruptPrograms();
    return warnGrace;
  }

  #announce(): number {
    this.#warn(killGrace / 1000);
    return killGrace;
  }

  #kill(): undefined {
    this.#child.kill();
    return undefined;
  }
}
