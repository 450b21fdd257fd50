import type { JsonObject, Message, RequestChannel } from "../wire/index.js";
import type { Kernel } from "./kernel.js";

/** A message from a client. */
export interface Request {
  readonly channel: RequestChannel;
  readonly message: Message;
}

/** Content of a reply; `undefined` for messages that get none. */
export type Reply = JsonObject | undefined;

/** Answers one type of request; what it shows on the way goes through the kernel's session. */
export type Handler = (request: Request, kernel: Kernel) => Promise<Reply>;
