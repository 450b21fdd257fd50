import { EventEmitter } from "node:events";
import type { WatcherCommand, WatcherEvent } from "./protocol.js";

/** The child's inspector (Chrome DevTools Protocol), reached through the watcher thread. Emits `notification`. */
export class Inspector extends EventEmitter<{ notification: [method: string, parameters: Record<string, unknown>] }> {
  readonly #send: (command: WatcherCommand) => void;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #calls = 0;
  #closed = false;

  constructor(send: (command: WatcherCommand) => void) {
    super();
    this.#send = send;
  }

  /**
   * Calls a method of the protocol; the first call connects.
   *
   * @throws Error `Inspector error …` with what the inspector says, or that the process has ended
   */
  post<Result = Record<string, never>>(method: string, parameters: object = {}): Promise<Result> {
    if (this.#closed) return Promise.reject(new Error("inspector: the process has ended"));
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#send({ type: "post", id, method, parameters });
    });
  }

  detach(): void {
    this.#send({ type: "detach" });
  }

  /** Takes what the watcher thread says. */
  take(event: WatcherEvent): void {
    if (event.type === "notification") {
      this.emit("notification", event.method, event.parameters as Record<string, unknown>);
      return;
    }
    const waiting = this.#waiting.get(event.id);
    this.#waiting.delete(event.id);
    if (event.error !== undefined) waiting?.reject(new Error(event.error));
    else waiting?.resolve(event.result);
  }

  /** The process has ended. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(new Error("inspector: the process has ended"));
    this.#waiting.clear();
  }
}
