import { randomUUID } from "node:crypto";
import type { SeenSignatures } from "./seenSignatures.js";
import { sign, verify } from "./signature.js";

/** The newest message specification whose messages we send. */
export const protocolVersion = "5.5";

/** A JSON object as it travels in a frame. */
export type JsonObject = Record<string, unknown>;

/** Who sent a message, when, and what it is; field names as on the wire. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly version: string;
  readonly [extra: string]: unknown;
}

/** One Jupyter message, whichever socket it came from. */
export interface Message {
  /** Routing prefix: the peer on ROUTER sockets, the topic on IOPub. */
  readonly identities: Buffer[];
  readonly header: Header;
  /** Header of the message this one answers; empty if it answers none. */
  readonly parentHeader: Header | Record<string, never>;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: Buffer[];
}

/** Those of front ends have a few hundred bytes. */
const longestHeader = 4096;

const delimiter = Buffer.from("<IDS|MSG>");

/** A header with a fresh id and the present time. */
export function makeHeader(msgType: string, session: string, username = "kontrast"): Header {
  return {
    msg_id: randomUUID(),
    msg_type: msgType,
    session,
    username,
    date: new Date().toISOString(),
    version: protocolVersion,
  };
}

/** A message's frames, signed with `key`. */
export function encodeMessage(message: Message, key: string): Buffer[] {
  const { identities, header, parentHeader, metadata, content, buffers } = message;
  const parts = [header, parentHeader, metadata, content].map((part) => Buffer.from(wellFormed(part)));
  return [...identities, delimiter, Buffer.from(sign(parts, key)), ...parts, ...buffers];
}

/**
 * JSON in which half a character, as a text that was cut in the middle has it, is U+FFFD: other languages cannot write
 * such a half to a file.
 */
function wellFormed(part: JsonObject): string {
  const json = JSON.stringify(part);
  // `JSON.stringify` escapes nothing else in this way, and a backslash of the text itself comes twice.
  if (!json.includes("\\ud")) return json;
  return json.replace(/\\(?:ud[\da-f]{3}|.)/g, (escaped) => (escaped.startsWith("\\ud") ? "\ufffd" : escaped));
}

/**
 * Reads a message; the signature is checked on the raw frames before any JSON is parsed.
 *
 * @param seen signatures that were used before and are refused; without it every message may come again
 * @throws Error `decodeMessage: …` if the delimiter or a frame is missing, the signature is wrong or was used before, a
 *   frame is not a JSON object, or the header lacks its id, type or session
 */
export function decodeMessage(frames: readonly Buffer[], key: string, seen?: SeenSignatures): Message {
  const start = frames.findIndex((frame) => frame.equals(delimiter));
  if (start < 0) throw new Error("decodeMessage: frames must hold the delimiter <IDS|MSG>, got none");
  const [signature, ...rest] = frames.slice(start + 1);
  if (!signature || rest.length < 4) {
    const count = frames.length - start - 1;
    throw new Error(`decodeMessage: the delimiter must be followed by at least 5 frames, got ${count}`);
  }
  const parts = rest.slice(0, 4);
  if (!verify(signature, parts, key)) throw new Error("decodeMessage: the signature does not fit the frames");
  if (key !== "" && seen?.add(signature.toString("latin1")) === false) {
    throw new Error("decodeMessage: the signature was used before");
  }
  // They are sent back with every answer, and a header that is nested thousands of times cannot be written again.
  if (parts.slice(0, 2).some(({ length }) => length > longestHeader)) {
    throw new Error(`decodeMessage: headers must have at most ${longestHeader} bytes`);
  }
  const [header, parentHeader, metadata, content] = parts.map(parseObject) as [Header, Header, JsonObject, JsonObject];
  for (const name of ["msg_id", "msg_type", "session"]) {
    if (typeof header[name] !== "string") throw new Error(`decodeMessage: header.${name} must be a string`);
  }
  return { identities: frames.slice(0, start), header, parentHeader, metadata, content, buffers: rest.slice(4) };
}

const frameNames = ["header", "parent header", "metadata", "content"];

function parseObject(frame: Buffer, index: number): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString());
  } catch (cause) {
    throw new Error(`decodeMessage: ${frameNames[index]} must be JSON`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`decodeMessage: ${frameNames[index]} must be a JSON object`);
  }
  return value as JsonObject;
}
