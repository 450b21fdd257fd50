import { errorReply } from "./errorContent.js";
import type { Handler } from "./handler.js";
import type { Kernel } from "./kernel.js";
import type { Request } from "./request.js";

/**
 * Answers one request (Jupyter messaging 5.5, "Request-Reply"). Whatever the handler does, the client gets one reply,
 * and `idle` comes last: nbclient stops reading there, so later output would be lost.
 *
 * @param handler what answers requests of this type; without one they get an error reply, never silence
 */
export async function dispatch(request: Request, kernel: Kernel, handler: Handler = unsupported): Promise<void> {
  const { session } = kernel;
  const { header } = request.message;
  await session.publishStatus("busy", header);
  try {
    const content = await handler(request, kernel).catch((error: Error) => errorReply(error.name, error.message));
    if (content) await session.reply(request, content);
  } finally {
    await session.publishStatus("idle", header);
  }
}

async function unsupported({ message }: Request) {
  const type = message.header.msg_type;
  return type.endsWith("_request") ? errorReply("Unsupported", `this kernel does not know ${type}`) : undefined;
}
