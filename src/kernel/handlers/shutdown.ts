import type { Handler } from "./handler.js";

/** `shutdown_request`: the client restarts the kernel itself if it wants one again. */
export const shutdown: Handler = async ({ message }, kernel) => {
  kernel.shutdown();
  return { status: "ok", restart: message.content["restart"] === true };
};
