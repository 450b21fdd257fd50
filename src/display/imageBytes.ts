import type { MimeBundle } from "./bundle.js";

/** First bytes of the image formats that front ends show. */
const formats: readonly (readonly [type: string, offset: number, magic: readonly number[]])[] = [
  ["image/png", 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", 0, [0xff, 0xd8, 0xff]],
  ["image/gif", 0, [0x47, 0x49, 0x46, 0x38]],
  ["image/webp", 8, [0x57, 0x45, 0x42, 0x50]],
];

/** An SVG document may begin with a declaration, comments and a document type. */
const svgStart =
  /^\uFEFF?\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<svg[\s>]/i;
const longestPreamble = 2000;

/** The MIME type of an image by its first bytes; `undefined` for all that is none. */
function imageType(bytes: Uint8Array): string | undefined {
  const found = formats.find(([, offset, magic]) => magic.every((byte, index) => bytes[offset + index] === byte));
  if (found) return found[0];
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, longestPreamble)).toString();
  return svgStart.test(start) && Buffer.from(bytes).includes("http://www.w3.org/2000/svg")
    ? "image/svg+xml"
    : undefined;
}

/** An image as a bundle; `undefined` for bytes that are none. */
export function imageBundle(bytes: Uint8Array): MimeBundle | undefined {
  const type = imageType(bytes);
  if (!type) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = type === "image/svg+xml" ? buffer.toString() : buffer.toString("base64");
  return { [type]: content, "text/plain": `<${type}, ${bytes.length} bytes>` };
}
