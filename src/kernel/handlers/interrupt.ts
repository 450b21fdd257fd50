import type { Handler } from "./handler.js";

/**
 * `interrupt_request`: answered at once; the cells' own replies say when they have stopped. It is for the whole kernel,
 * subshells included (JEP 91).
 */
export const interrupt: Handler = async (_request, kernel) => {
  for (const { abort } of kernel.executions) abort.abort();
  kernel.executor.interrupt();
  kernel.questions.cancelAll();
  return { status: "ok" };
};
