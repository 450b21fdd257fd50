import type { Output } from "../executor/index.js";
import type { JsonObject } from "../wire/index.js";
import { noParent, type Session } from "./session.js";

/** Which comms are open, whoever opened them; what they say is between the front end and the cells' process. */
export class Comms {
  readonly #session: Session;
  readonly #targets = new Map<string, string>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Ids and targets, all or those of one target. */
  list(target?: unknown): JsonObject {
    const found = [...this.#targets].filter(([, name]) => target === undefined || target === null || name === target);
    return Object.fromEntries(found.map(([id, name]) => [id, { target_name: name }]));
  }

  /** Takes notice of a `comm_open` or `comm_close`, from either side. */
  note(msgType: string, content: JsonObject): void {
    const id = String(content["comm_id"]);
    if (msgType === "comm_open") this.#targets.set(id, String(content["target_name"]));
    if (msgType === "comm_close") this.#targets.delete(id);
  }

  /** Takes notice of what a cell sends. */
  noteOutput(output: Output): void {
    if (output.type === "broadcast") this.note(output.msgType, output.content);
  }

  /** The other end of all comms is gone with the process of the cells. */
  async closeAll(): Promise<void> {
    const ids = [...this.#targets.keys()];
    this.#targets.clear();
    for (const id of ids) await this.#session.publish("comm_close", { comm_id: id, data: {} }, noParent);
  }
}
