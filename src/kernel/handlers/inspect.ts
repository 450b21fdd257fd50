import { requireCursor } from "./cursor.js";
import type { Handler } from "./handler.js";

/** `inspect_request`: type and documentation of what the cursor is on. */
export const inspect: Handler = async ({ message }, kernel) => {
  const { code, cursor } = requireCursor("inspect_request", message.content);
  const found = await (await kernel.language).inspect(code, cursor);
  return { status: "ok", found: found !== undefined, data: found ? { "text/plain": found.text } : {}, metadata: {} };
};
