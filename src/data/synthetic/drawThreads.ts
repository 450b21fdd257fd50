import { availableParallelism } from "node:os";
import { threadPool } from "../threads/threadPool.js";
import { drawImages, type Order } from "./drawings.js";

/** So many images are drawn at once and here: at 32 px it takes about 5 ms, and starting a thread 100. */
const fewImages = 32;

/** At most so many threads, so that drawing does not take all cores of a large machine. */
const mostThreads = Math.max(1, Math.min(8, availableParallelism() - 1));

const pool = threadPool<Order, Uint8Array>(new URL("./drawWorker.js", import.meta.url), {
  does: "draws",
  mostThreads,
  mostJobs: 2,
});

/**
 * Draws images in threads of their own, so that a training step and drawing go on side by side; the same images as
 * `drawImages` to the bit. The threads are begun with the first large order, kept for others, and do not keep the process
 * alive.
 *
 * @throws Error `data: the thread that draws has ended (…); the next call starts another`
 */
export async function drawInThreads(order: Order): Promise<Uint8Array> {
  if (order.ids.length <= fewImages) return drawImages(order);
  return drawAmong(mostThreads, (part) => pool.run(() => part), order);
}

/** Shares an order among some threads, in parts that are worth it, and puts the images together. */
export async function drawAmong(
  threads: number,
  draw: (part: Order) => Promise<Uint8Array>,
  order: Order,
): Promise<Uint8Array> {
  const { ids, extent } = order;
  const share = Math.max(fewImages, Math.ceil(ids.length / threads));
  const parts = Array.from({ length: Math.ceil(ids.length / share) }, (_, at) =>
    draw({ ...order, ids: ids.slice(at * share, (at + 1) * share) }),
  );
  const drawn = await Promise.all(parts);
  if (drawn.length === 1) return drawn[0] as Uint8Array;
  const images = new Uint8Array(ids.length * extent);
  drawn.forEach((part, at) => {
    images.set(part, at * share * extent);
  });
  return images;
}
