import { randomUUID } from "node:crypto";
import { type Header, type JsonObject, type KernelSockets, makeHeader } from "../wire/index.js";
import type { Request } from "./request.js";

/** Parent of messages that answer nobody. */
export const noParent: Record<string, never> = {};

/** Sends what a kernel has to say, under one session id. */
export class Session {
  readonly #id = randomUUID();
  readonly #sockets: KernelSockets;

  constructor(sockets: KernelSockets) {
    this.#sockets = sockets;
  }

  /** Publishes on IOPub; `parent` is the header of the request that caused it. */
  publish(msgType: string, content: JsonObject, parent: Header | Record<string, never>): Promise<void> {
    return this.#publish(Buffer.from(`kernel.${this.#id}.${msgType}`), msgType, content, parent);
  }

  /** Says that the kernel is `busy` with a request, or `idle` again. */
  publishStatus(state: "starting" | "busy" | "idle", parent: Header | Record<string, never>): Promise<void> {
    return this.publish("status", { execution_state: state }, parent);
  }

  /** Tells a new subscriber that from now on it will miss nothing. */
  welcome(topic: Buffer): Promise<void> {
    return this.#publish(topic, "iopub_welcome", { subscription: topic.toString() }, noParent);
  }

  /** Answers a request, on its channel. */
  reply({ channel, message }: Request, content: JsonObject): Promise<void> {
    const header = makeHeader(message.header.msg_type.replace(/(_request)?$/, "_reply"), this.#id);
    const { identities } = message;
    return this.#sockets.send(channel, {
      identities,
      header,
      parentHeader: message.header,
      metadata: {},
      content,
      buffers: [],
    });
  }

  #publish(topic: Buffer, msgType: string, content: JsonObject, parent: Header | Record<string, never>): Promise<void> {
    const header = makeHeader(msgType, this.#id);
    return this.#sockets.send("iopub", {
      identities: [topic],
      header,
      parentHeader: parent,
      metadata: {},
      content,
      buffers: [],
    });
  }
}
