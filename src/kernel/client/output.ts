import type { JsonObject, Message } from "../wire/index.js";

/** One value in several representations, by MIME type. */
type MimeData = Readonly<Record<string, unknown>>;

/** What a running cell shows, message by message; names as in the Jupyter specification. */
export type KernelOutput =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display_data";
      readonly data: MimeData;
      readonly metadata: JsonObject;
      readonly displayId?: string;
    }
  | {
      readonly type: "update_display_data";
      readonly data: MimeData;
      readonly metadata: JsonObject;
      readonly displayId: string;
    }
  | {
      readonly type: "execute_result";
      readonly data: MimeData;
      readonly metadata: JsonObject;
      readonly executionCount: number;
      readonly displayId?: string;
    }
  | ({ readonly type: "error" } & KernelError)
  | { readonly type: "clear_output"; readonly wait: boolean };

/** Why a cell failed. */
export interface KernelError {
  /** Such as `TypeError`. */
  readonly name: string;
  readonly message: string;
  /** Lines for people, possibly with ANSI colours. */
  readonly traceback: readonly string[];
}

/** The output that a published message carries, or `undefined` for those that carry none (`status`, `execute_input`). */
export function outputOf({ header, content }: Message): KernelOutput | undefined {
  switch (header.msg_type) {
    case "stream":
      return {
        type: "stream",
        name: content["name"] === "stderr" ? "stderr" : "stdout",
        text: String(content["text"]),
      };
    case "display_data":
      return { type: "display_data", ...shown(content) };
    case "update_display_data": {
      const { displayId, ...rest } = shown(content);
      return displayId === undefined ? undefined : { type: "update_display_data", ...rest, displayId };
    }
    case "execute_result":
      return { type: "execute_result", ...shown(content), executionCount: Number(content["execution_count"]) };
    case "error":
      return { type: "error", ...errorOf(content) };
    case "clear_output":
      return { type: "clear_output", wait: content["wait"] === true };
    default:
      return undefined;
  }
}

/** The error in an `error` message or in a reply whose status is `error`. */
export function errorOf(content: JsonObject): KernelError {
  const traceback = Array.isArray(content["traceback"]) ? content["traceback"].map(String) : [];
  return { name: String(content["ename"] ?? "Error"), message: String(content["evalue"] ?? ""), traceback };
}

function shown(content: JsonObject) {
  const displayId = (content["transient"] as JsonObject | undefined)?.["display_id"];
  return {
    data: (content["data"] ?? {}) as MimeData,
    metadata: (content["metadata"] ?? {}) as JsonObject,
    ...(typeof displayId === "string" ? { displayId } : {}),
  };
}
