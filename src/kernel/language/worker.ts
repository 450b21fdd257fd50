import { parentPort, workerData } from "node:worker_threads";
import { type Cells, createCells } from "./cells.js";

/** A call from the other thread, and its answer: the result, or what was thrown. */
export interface Call {
  readonly id: number;
  readonly method: keyof Cells;
  readonly given: readonly unknown[];
}
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** Quiet time after which the worker reads ahead, ms: cells that follow each other do not wait for it. */
const quiet = 1000;

/** Answers calls one after another. The converter is made first: calls that come meanwhile wait in the port. */
function serve(port: NonNullable<typeof parentPort>, cells: Cells): void {
  let readAhead: NodeJS.Timeout | undefined = setTimeout(() => {
    readAhead = undefined;
    // Nearly every notebook imports it, and its types (tfjs) take a second to read.
    cells.convert("", 'import * as kontrast from "kontrast";');
  }, quiet);
  port.on("message", ({ id, method, given }: Call) => {
    readAhead?.refresh();
    try {
      const result = (cells[method] as (...given: readonly unknown[]) => unknown)(...given);
      port.postMessage({ id, result } satisfies Answer);
    } catch (error) {
      port.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Answer);
    }
  });
}

if (!parentPort) throw new Error("worker: runs in a worker thread only");
serve(parentPort, createCells(workerData as { folder: string }));
