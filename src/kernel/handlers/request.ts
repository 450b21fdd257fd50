import type { Message, RequestChannel } from "../wire/index.js";

/** A message from a client. */
export interface Request {
  readonly channel: RequestChannel;
  readonly message: Message;
}
