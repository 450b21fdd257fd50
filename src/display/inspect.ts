import { inspect } from "node:util";

/** Limits keep a million-element array from becoming a message of megabytes. */
const limits = { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 };

/**
 * A value as text, limited in depth and length. Colours only where FORCE_COLOR asks for them: notebooks store this text,
 * and few front ends draw escape sequences in a value.
 */
export function inspectText(value: unknown): string {
  const asked = process.env["FORCE_COLOR"];
  return inspect(value, { ...limits, colors: asked !== undefined && asked !== "0" && asked !== "false" });
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
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
