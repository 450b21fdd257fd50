import { inspect } from "node:util";
import type { RawError } from "./protocol.js";

/** Longest chain of causes that is shown. */
const mostCauses = 4;

/** What can be told of a thrown value, in a form that can leave the process. Never throws, whatever the value does. */
export function rawError(thrown: unknown, depth = 0): RawError {
  try {
    if (!isError(thrown)) return { name: "Thrown", message: inspect(thrown), stack: "" };
    const { name, message, stack, cause } = thrown;
    const deeper = cause !== undefined && depth < mostCauses;
    return {
      // A class that extends Error without a name of its own would be called "Error".
      name: String((name === "Error" && thrown.constructor?.name) || name),
      message: String(message),
      stack: typeof stack === "string" ? stack : "",
      ...(deeper ? { cause: rawError(cause, depth + 1) } : {}),
    };
  } catch {
    return { name: "Thrown", message: "an error that fails when it is looked at", stack: "" };
  }
}

/** Errors of another realm are no instances of ours. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
