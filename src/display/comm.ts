import { randomUUID } from "node:crypto";
import { currentCell, type MessageExtras } from "./cell.js";

/** JSON that goes over a comm. */
export type CommData = Record<string, unknown>;

/** A message from the front end, as the kernel hands it on. */
export interface CommMessage {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly content: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}

/** What comes with a message besides its data. */
export type Received = Required<MessageExtras>;

type OnMessage = (data: CommData, received: Received) => void;
type OnOpen = (comm: Comm, data: CommData, received: Received) => void;

/** A two-way channel to the front end (Jupyter messaging, "Custom messages"). */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #onMessage: OnMessage[] = [];
  readonly #onClose: OnMessage[] = [];
  #isOpen = true;

  /** Use {@link openComm} or {@link onComm}. */
  constructor(id: string, target: string) {
    this.id = id;
    this.target = target;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends data; nothing happens when the comm is closed. */
  send(data: CommData, extras: MessageExtras = {}): void {
    if (this.#isOpen) broadcast("comm_msg", { comm_id: this.id, data }, extras);
  }

  /** Calls back for every message of the front end; what the callback prints is output of the cell that asked for it. */
  onMessage(callback: OnMessage): this {
    this.#onMessage.push(bound(callback));
    return this;
  }

  /** Calls back when the front end closes the comm, or does not know its target. */
  onClose(callback: OnMessage): this {
    this.#onClose.push(bound(callback));
    return this;
  }

  /** Tells the front end that nothing will follow. */
  close(data: CommData = {}, extras: MessageExtras = {}): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    comms().open.delete(this.id);
    broadcast("comm_close", { comm_id: this.id, data }, extras);
  }

  /** Takes a message of the front end. */
  receive(type: "comm_msg" | "comm_close", data: CommData, received: Received): void {
    if (type === "comm_close") {
      this.#isOpen = false;
      comms().open.delete(this.id);
    }
    for (const callback of type === "comm_msg" ? this.#onMessage : this.#onClose) callback(data, received);
  }
}

/** Options of {@link openComm}. */
export interface OpenCommOptions extends MessageExtras {
  /** What the front end is to begin with. */
  readonly data?: CommData;
  /** Default: a new one. */
  readonly id?: string;
}

/**
 * Opens a comm to a target that the front end knows; one that does not know it closes the comm.
 *
 * @throws Error `openComm: needs a notebook; there is no kernel here`
 */
export function openComm(target: string, options: OpenCommOptions = {}): Comm {
  const { data = {}, id = randomUUID(), ...extras } = options;
  if (!currentCell()) throw new Error("openComm: needs a notebook; there is no kernel here");
  const comm = new Comm(id, target);
  comms().open.set(id, comm);
  broadcast("comm_open", { comm_id: id, target_name: target, data }, extras);
  return comm;
}

/**
 * Lets the front end open comms to a target of ours; a later call for the same target replaces the earlier one.
 *
 * @returns ends it
 */
export function onComm(target: string, opened: OnOpen): () => void {
  const callback = bound(opened);
  comms().targets.set(target, callback);
  return () => {
    if (comms().targets.get(target) === callback) comms().targets.delete(target);
  };
}

/** Hands a message of the front end to the comm that it is for. The kernel calls it. */
export function receiveComm({ type, content, metadata, buffers }: CommMessage): void {
  const id = String(content["comm_id"]);
  const data = (content["data"] ?? {}) as CommData;
  const received = { metadata, buffers };
  if (type !== "comm_open") {
    comms().open.get(id)?.receive(type, data, received);
    return;
  }
  const target = String(content["target_name"]);
  const comm = new Comm(id, target);
  const opened = comms().targets.get(target);
  // As the specification asks: whoever does not know the target closes the comm.
  if (!opened) {
    comm.close();
    return;
  }
  comms().open.set(id, comm);
  opened(comm, data, received);
}

/** Sends any message on IOPub; `msgType` is one of Jupyter's. Outside a kernel nobody would hear it. */
export function broadcast(msgType: string, content: Record<string, unknown>, extras: MessageExtras = {}): void {
  currentCell()?.sink.broadcast(msgType, content, extras);
}

function bound<Given extends unknown[], Returned>(callback: (...given: Given) => Returned) {
  return currentCell()?.bind(callback) ?? callback;
}

interface Comms {
  readonly targets: Map<string, OnOpen>;
  readonly open: Map<string, Comm>;
}

/** A registered symbol, because the kernel and the notebook may load two copies of this module. */
const slot = Symbol.for("kontrast.comms");

function comms(): Comms {
  const globals = globalThis as { [slot]?: Comms };
  globals[slot] ??= { targets: new Map(), open: new Map() };
  return globals[slot];
}
