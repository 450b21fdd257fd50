import type { ChildProcess } from "./childProcess.js";
import { noCell } from "./protocol.js";

/** How long an idle process may take to answer before what keeps it busy is stopped, then before it is killed, ms. */
const [patience, killGrace] = [400, 10_000];

/** Stops what keeps the process busy although no cell runs: a loop in a timer that a cell has left behind. */
export class IdleInterrupt {
  readonly #child: () => ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(child: () => ChildProcess | undefined) {
    this.#child = child;
  }

  /** Begins, unless it has begun already. */
  start(): void {
    const child = this.#child();
    if (!child || this.#timer) return;
    child.send({ type: "ping" });
    this.#timer = setTimeout(() => {
      child.terminate(noCell);
      this.#timer = setTimeout(() => child.kill(), killGrace);
    }, patience);
  }

  /** The process has answered, or is gone. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
