import { parentPort } from "node:worker_threads";
import { drawImages, type Order } from "./drawings.js";

/** A thread that draws: one order per message, one reply per order. */
parentPort?.on("message", ({ request, order }: { request: number; order: Order }) => {
  try {
    const images = drawImages(order);
    parentPort?.postMessage({ request, images }, [images.buffer]);
  } catch (error) {
    parentPort?.postMessage({ request, error });
  }
});
