import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * HMAC-SHA256 over a message's four JSON frames, as 64 hexadecimal digits (Jupyter messaging 5.4, "The wire protocol").
 *
 * @param key the connection file's key; empty switches signing off, and the signature is empty too
 */
export function sign(frames: readonly Buffer[], key: string): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const frame of frames) hmac.update(frame);
  return hmac.digest("hex");
}

/** Says whether `signature` fits the frames, in a time that does not depend on where it goes wrong. */
export function verify(signature: Buffer, frames: readonly Buffer[], key: string): boolean {
  if (key === "") return true;
  const expected = Buffer.from(sign(frames, key), "latin1");
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}
