import { requireCursor } from "./cursor.js";
import type { Handler } from "./handler.js";
import { awaitsBody, typeScriptOf } from "./magicCode.js";

/** `is_complete_request`: whether a console should run the code or ask for another line. */
export const isComplete: Handler = async ({ message }, kernel) => {
  const { code } = requireCursor("is_complete_request", message.content);
  if (awaitsBody(code)) return { status: "incomplete", indent: "" };
  const language = await kernel.language;
  const typeScript = await typeScriptOf(language, code);
  const found = await language.isComplete(typeScript);
  if (found.status !== "incomplete") return { ...found };
  // The blanks in place of a magic are no indentation.
  const blanked = lastIndent(typeScript) - lastIndent(code);
  return { ...found, indent: found.indent.slice(Math.max(0, blanked)) };
};

/** How far the last line that is not blank is indented. */
function lastIndent(code: string): number {
  return /^\s*/.exec(code.trimEnd().split("\n").at(-1) ?? "")?.[0].length ?? 0;
}
