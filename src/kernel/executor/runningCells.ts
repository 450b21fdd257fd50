import { mostCells } from "./protocol.js";

/** Which cells run, in memory that the main thread shares with the watcher thread. */
export class RunningCells {
  readonly memory: SharedArrayBuffer;
  /** 0 for free places. */
  readonly #ids: Int32Array;
  /** The highest id that has begun: ids go up. */
  readonly #latest: Int32Array;

  /** @param memory of the other thread's object */
  constructor(memory = new SharedArrayBuffer(4 * (mostCells + 1))) {
    this.memory = memory;
    this.#ids = new Int32Array(memory, 0, mostCells);
    this.#latest = new Int32Array(memory, 4 * mostCells);
  }

  /** From here on the cell may be terminated. Returns its place. */
  begin(id: number): number {
    const place = Math.max(0, this.#ids.indexOf(0));
    Atomics.store(this.#ids, place, id);
    Atomics.store(this.#latest, 0, Math.max(id, Atomics.load(this.#latest, 0)));
    return place;
  }

  /** The cell in this place must not be terminated any more. */
  end(place: number): void {
    Atomics.store(this.#ids, place, 0);
  }

  /** Whether the cell has begun and ended. One that has not begun yet waits for whatever keeps the main thread busy. */
  hasEnded(id: number): boolean {
    // In this order: a cell that begins meanwhile has its place before it is the latest.
    return Atomics.load(this.#latest, 0) >= id && !this.#ids.includes(id);
  }
}
