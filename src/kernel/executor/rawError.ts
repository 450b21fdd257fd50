import { inspectText } from "../../display/index.js";
import type { InnerError, RawError } from "./protocol.js";

/** How deep errors within errors are told of, … */
const deepest = 4;
/** … how many of those that one of them holds, and how many in all. */
const mostHeld = 8;
const mostErrors = 24;

/** What can be told of a thrown value, in a form that can leave the process. Never throws, whatever the value does. */
export function rawError(thrown: unknown): RawError {
  return describe(thrown, 0, new Set());
}

/** @param told the errors that were told of already: they may hold each other in a circle */
function describe(thrown: unknown, depth: number, told: Set<unknown>): RawError {
  told.add(thrown);
  try {
    if (!isError(thrown)) return { name: "Thrown", message: inspectText(thrown), stack: "" };
    const { name, message, stack } = thrown;
    return {
      // A class that extends Error without a name of its own would be called "Error".
      name: String((name === "Error" && thrown.constructor?.name) || name),
      message: String(message),
      stack: typeof stack === "string" ? stack : "",
      ...innerErrors(thrown, depth, told),
    };
  } catch {
    return { name: "Thrown", message: "an error that fails when it is looked at", stack: "" };
  }
}

function innerErrors(error: Error, depth: number, told: Set<unknown>): Pick<RawError, "inner" | "untold"> {
  const held = heldBy(error).filter(([, inner]) => !told.has(inner));
  const inner: InnerError[] = [];
  for (const [relation, thrown] of depth < deepest ? held.slice(0, mostHeld) : []) {
    if (told.size < mostErrors) inner.push({ relation, error: describe(thrown, depth + 1, told) });
  }
  const untold = held.length - inner.length;
  return { ...(inner.length > 0 && { inner }), ...(untold > 0 && { untold }) };
}

/** The errors that an error holds, with what each is to it: its cause, those of an `AggregateError`, a `SuppressedError`. */
function heldBy(error: Error): (readonly [relation: string, thrown: unknown])[] {
  const { cause, errors, error: later, suppressed } = error as Holding;
  const isSuppressing = error.name === "SuppressedError" && "suppressed" in error;
  const all = Array.isArray(errors) ? errors : [];
  return [
    ...(isSuppressing
      ? ([
          ["Thrown last:", later],
          ["Suppressed:", suppressed],
        ] as const)
      : []),
    ...all.map((one, index) => [`Error ${index + 1} of ${all.length}:`, one] as const),
    ...(cause !== undefined && !(isSuppressing && cause === suppressed) ? ([["Caused by", cause]] as const) : []),
  ];
}

interface Holding extends Error {
  readonly errors?: unknown;
  /** Of a `SuppressedError`: what was thrown while the suppressed one was under way. */
  readonly error?: unknown;
  readonly suppressed?: unknown;
}

/** Errors of another realm are no instances of ours. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
