import { answerRequests } from "../threads/answerRequests.js";
import { drawImages, type Order } from "./drawings.js";

// A thread that draws.
answerRequests(
  (order: Order) => drawImages(order),
  (images) => [images.buffer],
);
