import { randomUUID } from "node:crypto";
import { type Header, type JsonObject, type KernelSockets, makeHeader } from "../wire/index.js";
import type { Sender } from "./cellBook.js";
import type { Request } from "./request.js";

/** Parent of messages that answer nobody. */
export const noParent: Record<string, never> = {};

/** What goes with a published message besides its content. */
export interface PublishOptions {
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Buffer[];
}

/** Sends what a kernel has to say, under one session id. */
export class Session {
  readonly #id = randomUUID();
  readonly #sockets: KernelSockets;

  constructor(sockets: KernelSockets) {
    this.#sockets = sockets;
  }

  /** Publishes on IOPub; `parent` is the header of the request that caused it. */
  async publish(
    msgType: string,
    content: JsonObject,
    parent: Header | Record<string, never>,
    options: PublishOptions = {},
  ): Promise<void> {
    const topic = Buffer.from(`kernel.${this.#id}.${msgType}`);
    await this.#send("iopub", { identities: [topic], msgType, parent, content, ...options });
  }

  /** Says that the kernel is `busy` with a request, or `idle` again. */
  publishStatus(state: "starting" | "busy" | "idle", parent: Header | Record<string, never>): Promise<void> {
    return this.publish("status", { execution_state: state }, parent);
  }

  /** Tells a new subscriber that from now on it will miss nothing. */
  async welcome(topic: Buffer): Promise<void> {
    const content = { subscription: topic.toString() };
    await this.#send("iopub", { identities: [topic], msgType: "iopub_welcome", parent: noParent, content });
  }

  /** Answers a request, on its channel. */
  async reply({ channel, message }: Request, content: JsonObject): Promise<void> {
    const { header, identities } = message;
    const msgType = header.msg_type.replace(/(_request)?$/, "_reply");
    await this.#send(channel, { identities, msgType, parent: header, content });
  }

  /** Asks the client of a request for a line of input; `id` becomes the question's `msg_id`. */
  async askForInput({ message }: Sender, id: string, content: { prompt: string; password: boolean }): Promise<void> {
    const { header, identities } = message;
    await this.#send("stdin", { identities, msgType: "input_request", parent: header, content, id });
  }

  async #send(
    channel: Request["channel"] | "iopub",
    message: {
      identities: Buffer[];
      msgType: string;
      parent: Header | Record<string, never>;
      content: JsonObject;
      id?: string;
    } & PublishOptions,
  ): Promise<void> {
    const { identities, msgType, parent, content, metadata = {}, buffers = [], id } = message;
    const header = { ...makeHeader(msgType, this.#id), ...(id !== undefined && { msg_id: id }) };
    await this.#sockets.send(channel, {
      identities,
      header,
      parentHeader: parent,
      metadata,
      content,
      buffers: [...buffers],
    });
  }
}
