import { codePointOffset } from "./codePoints.js";
import { requireCursor } from "./cursor.js";
import type { Handler } from "./handler.js";
import { completeMagic, typeScriptOf } from "./magicCode.js";

/** `complete_request`. */
export const complete: Handler = async ({ message }, kernel) => {
  const { code, cursor } = requireCursor("complete_request", message.content);
  const language = await kernel.language;
  const found = completeMagic(code, cursor) ?? (await language.complete(await typeScriptOf(language, code), cursor));
  const { matches, items, start, end } = found;
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
