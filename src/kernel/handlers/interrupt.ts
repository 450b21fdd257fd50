import type { Handler } from "./handler.js";

/** `interrupt_request`: answered at once; the cell's own reply says when it has stopped. */
export const interrupt: Handler = async (_request, kernel) => {
  if (kernel.execution) kernel.execution.interrupted = true;
  kernel.executor.interrupt();
  return { status: "ok" };
};
