import { magics } from "../magics/index.js";
import { requireCursor } from "./cursor.js";
import type { Handler } from "./handler.js";
import type { Kernel } from "./kernel.js";
import { typeScriptOf } from "./magicCode.js";

/** `inspect_request`: type and documentation of what the cursor is on; with `detail_level` 1 also its source. */
export const inspect: Handler = async ({ message }, kernel) => {
  const { code, cursor } = requireCursor("inspect_request", message.content);
  const detail = message.content["detail_level"] === 1 ? 1 : 0;
  const data = magicHelp(code, cursor) ?? (await explanation(kernel, code, cursor, detail));
  return { status: "ok", found: data !== undefined, data: data ?? {}, metadata: {} };
};

async function explanation(kernel: Kernel, code: string, cursor: number, detail: 0 | 1) {
  const language = await kernel.language;
  const found = await language.inspect(await typeScriptOf(language, code), cursor, detail, kernel.cells.codes());
  return found && { "text/plain": found.text, "text/markdown": found.markdown };
}

function magicHelp(code: string, cursor: number) {
  const start = code.lastIndexOf("\n", cursor - 1) + 1;
  const end = code.indexOf("\n", cursor);
  const line = code.slice(start, end < 0 ? undefined : end);
  const [, name = ""] = /^\s*(?:\/\/\s*)?%%?(\w+)/.exec(line) ?? [];
  const magic = Object.hasOwn(magics, name) ? magics[name] : undefined;
  const isOnName = cursor - start <= line.indexOf(name) + name.length;
  return magic && isOnName ? { "text/plain": `${magic.usage}\n\n${magic.summary}` } : undefined;
}
