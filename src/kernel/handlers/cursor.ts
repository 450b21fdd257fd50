import type { JsonObject } from "../wire/index.js";
import { utf16Offset } from "./codePoints.js";

/**
 * Code and cursor of a request, the cursor in UTF-16 units; without one it is at the end.
 *
 * @throws TypeError `caller: code must be a string`
 */
export function requireCursor(caller: string, content: JsonObject): { code: string; cursor: number } {
  const { code, cursor_pos: position } = content;
  if (typeof code !== "string") throw new TypeError(`${caller}: code must be a string`);
  return { code, cursor: typeof position === "number" ? utf16Offset(code, position) : code.length };
}
