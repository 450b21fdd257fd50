import { requireCursor } from "./cursor.js";
import type { Handler } from "./handler.js";

/** `is_complete_request`: whether a console should run the code or ask for another line. */
export const isComplete: Handler = async ({ message }, kernel) => {
  const { code } = requireCursor("is_complete_request", message.content);
  return { ...(await (await kernel.language).isComplete(code)) };
};
