import { crc32 } from "node:zlib";

/**
 * Adds `tEXt` chunks (PNG specification 11.3.3) behind the header of a PNG image.
 *
 * @param texts keyword (1–79 characters) to text, both in Latin-1
 */
export function addPngText(png: Uint8Array, texts: Readonly<Record<string, string>>): Buffer {
  const chunks = Object.entries(texts).map(([keyword, text]) => {
    const content = Buffer.concat([Buffer.from("tEXt"), Buffer.from(`${keyword}\0${text}`, "latin1")]);
    const frame = Buffer.alloc(content.length + 8);
    frame.writeUInt32BE(content.length - 4, 0);
    content.copy(frame, 4);
    frame.writeUInt32BE(crc32(content), content.length + 4);
    return frame;
  });
  return Buffer.concat([png.subarray(0, afterHeader), ...chunks, png.subarray(afterHeader)]);
}

/** JSON of ASCII characters only. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Signature (8 bytes) and IHDR chunk (25). */
const afterHeader = 33;
