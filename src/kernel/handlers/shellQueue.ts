import { dispatch } from "./dispatch.js";
import { errorReply } from "./errorContent.js";
import { execute } from "./execute.js";
import { ExecuteQueue } from "./executeQueue.js";
import type { Handler } from "./handler.js";
import type { Kernel } from "./kernel.js";
import type { Request } from "./request.js";

/** The queue in which the cells of one shell wait for their turn. */
export function shellQueue(kernel: () => Kernel): ExecuteQueue {
  return new ExecuteQueue({
    run: (request, beforeReply) =>
      dispatch(request, kernel(), async (...given) => {
        const reply = await execute(...given);
        await beforeReply(reply);
        return reply;
      }),
    abort: (request) => dispatch(request, kernel(), aborted),
  });
}

/** Puts a cell into the queue of its shell; where there is no such shell it is answered with that. */
export async function enqueue(request: Request, kernel: Kernel): Promise<void> {
  let queue: ExecuteQueue;
  try {
    queue = kernel.shells.of(request.message.header).queue;
  } catch (error) {
    await dispatch(request, kernel, () => Promise.reject(error));
    return;
  }
  await queue.add(request);
}

/** Status `aborted` is deprecated since messaging 5.1. */
const aborted: Handler = async ({ message }, kernel) => {
  const reply = errorReply("Aborted", "not run, because a cell before it failed or its subshell was deleted");
  return { ...reply, execution_count: kernel.shells.countOf(message.header) };
};
