import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { JpegDecoder } from "./decoded.js";
import { JpegTurbo } from "./jpegTurbo.js";

/** native/build/jpeg.node, see native/jpeg/jpeg.cpp; the same from src/ and from dist/. */
interface Addon {
  decode(jpeg: Uint8Array, pixels: Uint8Array, extent: Int32Array): 1 | 0 | -1;
}

const builtFile = fileURLToPath(new URL("../../../native/build/jpeg.node", import.meta.url));

/** A larger image is decoded by sharp, so that a thread does not need so much memory. */
const mostPixels = 1 << 24;
/** Memory for more pixels than this, bytes, is given back after the image. */
const mostKept = 1 << 22;

/** Which decoder small JPEG images get: the native one where `kontrast setup` has built it, else the one in WebAssembly. */
export function jpegDecoderKind(): "native" | "WebAssembly" {
  return existsSync(builtFile) ? "native" : "WebAssembly";
}

/** The decoder of {@link jpegDecoderKind}; the pixels of both are the same. */
export function jpegDecoder(): JpegDecoder {
  return jpegDecoderKind() === "native" ? nativeDecoder() : new JpegTurbo();
}

/** @throws Error if the addon does not load, such as for a library that has been removed since */
function nativeDecoder(): JpegDecoder {
  const { decode } = createRequire(import.meta.url)(builtFile) as Addon;
  const extent = new Int32Array(2);
  let kept = new Uint8Array(1 << 16);
  return {
    decode(jpeg, into = kept) {
      if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return undefined;
      let room = into;
      let outcome = decode(jpeg, room, extent);
      const [width, height] = extent as unknown as [number, number];
      const bytes = width * height * 3;
      if (outcome === -1) {
        if (width * height > mostPixels) return undefined;
        room = roomFor(bytes);
        outcome = decode(jpeg, room, extent);
      }
      if (outcome !== 1) return undefined;
      return { width, height, pixels: room.length === bytes ? room : room.subarray(0, bytes) };
    },
  };

  function roomFor(bytes: number): Uint8Array {
    if (kept.length >= bytes) return kept;
    const made = new Uint8Array(bytes);
    if (bytes <= mostKept) kept = made;
    return made;
  }
}
