import { setTimeout } from "node:timers/promises";
import { answerRequests } from "../../../src/data/threads/answerRequests.js";

/** What the thread is told to do. */
export type Task =
  | { readonly echo: number; readonly after?: number }
  | { readonly fail: string }
  | { readonly exit: number }
  | { readonly crash: string };

answerRequests(async (task: Task) => {
  if ("fail" in task) throw new RangeError(task.fail);
  if ("exit" in task) process.exit(task.exit);
  if ("crash" in task) {
    process.nextTick(() => {
      throw new Error(task.crash);
    });
    await setTimeout(10_000);
    return -1;
  }
  await setTimeout(task.after ?? 0);
  return task.echo;
});
