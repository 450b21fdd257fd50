import { codePointOffset } from "./codePoints.js";
import { requireCursor } from "./cursor.js";
import type { Handler } from "./handler.js";
import { completeCell } from "./magicCode.js";

/** `complete_request`. */
export const complete: Handler = async ({ message }, kernel) => {
  const { code, cursor } = requireCursor("complete_request", message.content);
  const { matches, items, start, end } = await completeCell(await kernel.language, code, cursor);
  const [from, to] = [codePointOffset(code, start), codePointOffset(code, end)];
  const types = items.map(({ text, type }) => ({ text, type, start: from, end: to }));
  return {
    status: "ok",
    matches,
    cursor_start: from,
    cursor_end: to,
    metadata: { _jupyter_types_experimental: types },
  };
};
