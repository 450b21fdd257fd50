import { parentPort, type Transferable } from "node:worker_threads";
import type { Asked, Reply } from "./startThread.js";

/**
 * Makes the module that calls it a thread: it answers one request after the other, with an answer or with an error.
 *
 * @param transferred memory of the answer that is handed over rather than copied; default none
 */
export function answerRequests<Request, Answer>(
  answer: (request: Request) => Answer | Promise<Answer>,
  transferred: (answer: Answer) => Transferable[] = () => [],
): void {
  const port = parentPort;
  if (!port) throw new Error("answerRequests: must be called in a thread, got the main thread; use startThread");
  let last = Promise.resolve();
  port.on("message", ({ number, request }: Asked<Request>) => {
    last = last.then(async () => {
      try {
        const made = await answer(request);
        port.postMessage({ number, answer: made } satisfies Reply<Answer>, transferred(made));
      } catch (error) {
        port.postMessage({ number, error } satisfies Reply<Answer>);
      }
    });
  });
}
