import { randomUUID } from "node:crypto";
import type { Message } from "../wire/index.js";
import type { CellRecord } from "./cellBook.js";
import type { Session } from "./session.js";

/** Questions to the person at the front end, and their answers (`input_request`, `input_reply`). */
export class Questions {
  readonly #session: Session;
  readonly #open = new Map<string, (value: string | undefined) => void>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Asks the client that has sent the cell; `undefined` if the question was cancelled. */
  async ask(cell: CellRecord, prompt: string, secret: boolean): Promise<string | undefined> {
    const id = randomUUID();
    // Before it is sent: the answer must not come sooner than somebody waits for it.
    const answer = new Promise<string | undefined>((resolve) => this.#open.set(id, resolve));
    await this.#session.askForInput(cell.sender, id, { prompt, password: secret });
    return answer;
  }

  /** Takes an `input_reply`. Clients that do not say what they answer mean the latest question. */
  take({ parentHeader, content }: Message): void {
    const { msg_id: named } = parentHeader as { readonly msg_id?: unknown };
    const id = named === undefined ? [...this.#open.keys()].at(-1) : named;
    if (typeof id !== "string") return;
    this.#open.get(id)?.(typeof content["value"] === "string" ? content["value"] : undefined);
    this.#open.delete(id);
  }

  /** There will be no answers any more: the process that has asked is gone, or the cells were interrupted. */
  cancelAll(): void {
    for (const resolve of this.#open.values()) resolve(undefined);
    this.#open.clear();
  }
}
