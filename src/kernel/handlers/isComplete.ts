import { requireCursor } from "./cursor.js";
import type { Handler } from "./handler.js";
import { awaitsBody, typeScriptOf } from "./magicCode.js";

/** `is_complete_request`: whether a console should run the code or ask for another line. */
export const isComplete: Handler = async ({ message }, kernel) => {
  const { code } = requireCursor("is_complete_request", message.content);
  if (awaitsBody(code)) return { status: "incomplete", indent: "" };
  const language = await kernel.language;
  return { ...(await language.isComplete(await typeScriptOf(language, code))) };
};
