import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { drawImages, type Order } from "./drawings.js";

/** A reply of drawWorker.ts. */
interface Reply {
  readonly request: number;
  readonly images?: Uint8Array;
  readonly error?: unknown;
}

interface Waiting {
  readonly resolve: (images: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

/** So many images are drawn at once and here: at 32 px it takes about 5 ms, and starting a thread 100. */
const fewImages = 32;

/** At most so many threads, so that drawing does not take all cores of a large machine. */
const mostThreads = 8;

/**
 * Draws images in threads of their own, so that a training step and drawing go on side by side; the same images as
 * `drawImages` to the bit. The threads are begun with the first large order, kept for others, and do not keep the process
 * alive.
 *
 * @throws Error `the thread that draws has ended: …`
 */
export async function drawInThreads(order: Order): Promise<Uint8Array> {
  if (order.ids.length <= fewImages) return drawImages(order);
  threads ??= Array.from({ length: Math.max(1, Math.min(mostThreads, availableParallelism() - 1)) }, startThread);
  return drawAmong(threads, order);
}

/** One thread that draws orders in turn. */
export interface DrawThread {
  draw(order: Order): Promise<Uint8Array>;
}

/** Shares an order among threads, in parts that are worth it, and puts the images together. */
export async function drawAmong(among: readonly DrawThread[], order: Order): Promise<Uint8Array> {
  const { ids, extent } = order;
  const share = Math.max(fewImages, Math.ceil(ids.length / among.length));
  const parts = Array.from({ length: Math.ceil(ids.length / share) }, (_, at) => {
    const thread = among[at] as DrawThread;
    return thread.draw({ ...order, ids: ids.slice(at * share, (at + 1) * share) });
  });
  const drawn = await Promise.all(parts);
  if (drawn.length === 1) return drawn[0] as Uint8Array;
  const images = new Uint8Array(ids.length * extent);
  drawn.forEach((part, at) => {
    images.set(part, at * share * extent);
  });
  return images;
}

let threads: DrawThread[] | undefined;

function startThread(): DrawThread {
  const worker = startWorker();
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const settle = (request: number, call: (one: Waiting) => void) => {
    const one = waiting.get(request);
    waiting.delete(request);
    if (waiting.size === 0) worker.unref();
    if (one) call(one);
  };
  worker.unref();
  worker.on("message", ({ request, images, error }: Reply) => {
    settle(request, ({ resolve, reject }) => (images ? resolve(images) : reject(error)));
  });
  const end = (why: unknown) => {
    threads = undefined; // the next order begins new ones
    for (const request of [...waiting.keys()]) settle(request, ({ reject }) => reject(why));
  };
  worker.on("error", (cause) => end(new Error(`the thread that draws has ended: ${cause}`, { cause })));
  worker.on("exit", (code) => end(new Error(`the thread that draws has ended with code ${code}`)));
  return {
    draw(order) {
      return new Promise((resolve, reject) => {
        last++;
        waiting.set(last, { resolve, reject });
        worker.ref(); // somebody waits for it
        worker.postMessage({ request: last, order });
      });
    },
  };
}

/** From `dist` the worker is plain JavaScript; from `src` (tests, benchmarks) it is loaded through tsx. */
function startWorker(): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./drawWorker.js", import.meta.url));
  const source = JSON.stringify(new URL("./drawWorker.ts", import.meta.url).href);
  return new Worker(`import("tsx/esm/api").then(({ tsImport }) => tsImport(${source}, ${source}))`, { eval: true });
}
