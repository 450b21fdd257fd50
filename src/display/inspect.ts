import { inspect } from "node:util";
import { beginningOf } from "./beginningOf.js";
import { inspectFewKeys } from "./fewKeys.js";

/** Limits keep a million-element array from becoming a message of megabytes. */
const limits = { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 };
/** Characters of one value's text; what is longer in spite of the limits is cut at the end of a line. */
const longest = 40_000;

/**
 * A value as text, limited in depth and length. Colours only where FORCE_COLOR asks for them: notebooks store this text,
 * and few front ends draw escape sequences in a value.
 */
export function inspectText(value: unknown): string {
  const asked = process.env["FORCE_COLOR"];
  const colors = asked !== undefined && asked !== "0" && asked !== "false";
  const text = inspectFewKeys(value, { ...limits, colors });
  if (text.length <= longest) return text;
  const end = text.lastIndexOf("\n", longest);
  const kept = beginningOf(text, end < 0 ? longest : end);
  const left = (text.length - kept.length).toLocaleString("en");
  // Colours that the cut has left on are turned off.
  return `${kept}${colors ? "\u001b[0m" : ""}\n… ${left} more characters`;
}

/** {@link inspectText}, also of a value that throws when it is looked at: less of it then, at worst only its kind. */
export function inspectAnything(value: unknown): string {
  const ways = [() => inspectText(value), () => inspect(value, { ...limits, customInspect: false })];
  for (const way of ways) {
    try {
      return way();
    } catch {
      // The next way asks the value for less.
    }
  }
  return `<${typeof value} that cannot be looked at>`;
}

/** A value in a line of at most 100 characters, for lists of variables. */
export function inspectLine(value: unknown): string {
  const text = inspect(value, {
    depth: 1,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 8,
    maxStringLength: 80,
  });
  const line = text.replace(/\s*\n\s*/g, " ");
  return line.length > 100 ? `${beginningOf(line, 99)}…` : line;
}
