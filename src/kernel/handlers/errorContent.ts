import type { JsonObject } from "../wire/index.js";

/** What `error` messages and failed replies say. */
export interface ErrorContent extends JsonObject {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A reply that says why there is no answer. */
export function errorReply(ename: string, evalue: string, traceback: readonly string[] = []): JsonObject {
  return { status: "error", ename, evalue, traceback };
}

/** An error of which there is no more to say than its message. */
export function errorMessage(ename: string, evalue: string): ErrorContent {
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}
