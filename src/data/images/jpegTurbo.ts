import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Decoded, JpegDecoder } from "./decoded.js";

/** What the WebAssembly build of libjpeg-turbo exports, as its `turbojpeg.h` has it; numbers are pointers. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(pointer: number): void;
  tjInitDecompress(): number;
  tjDecompressHeader3(
    handle: number,
    bytes: number,
    length: number,
    width: number,
    height: number,
    subsampling: number,
    colors: number,
  ): number;
  tjDecompress2(
    handle: number,
    bytes: number,
    length: number,
    pixels: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

/** TJPF_RGB. */
const rgb = 0;

/** Above this many pixels, setting sharp up costs little beside the decoding, which its SIMD code does faster. */
const mostPixels = 1 << 18;

let compiled: WebAssembly.Module | undefined;

/**
 * A decoder of small JPEG images: libjpeg-turbo in WebAssembly, with the exact arithmetic of the native one (islow DCT,
 * fancy upsampling), so that its pixels are those of sharp, Pillow and torchvision. It is here because sharp sets up a
 * pipeline for each image, which for 64×64 takes several times as long as the decoding.
 */
export class JpegTurbo implements JpegDecoder {
  #exports = instance();
  #handle = this.#exports.tjInitDecompress();
  #input = { pointer: 0, bytes: 0 };
  #output = { pointer: 0, bytes: 0 };
  #sizes = this.#exports.malloc(16);

  /**
   * The pixels of an image, [height, width, 3]; valid until the next call. `undefined` for what another decoder has to
   * look at: large images, four colors, damaged files.
   */
  decode(jpeg: Uint8Array): Decoded | undefined {
    if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return undefined;
    try {
      return this.#decode(jpeg);
    } catch (error) {
      if (!(error instanceof LongJump || error instanceof WebAssembly.RuntimeError)) throw error;
      this.#startAnew(); // an error leaves the C code in the middle of a call
      return undefined;
    }
  }

  #decode(jpeg: Uint8Array) {
    const { tjDecompressHeader3, tjDecompress2, memory } = this.#exports;
    const [handle, sizes] = [this.#handle, this.#sizes];
    const input = this.#room(this.#input, jpeg.length);
    new Uint8Array(memory.buffer, input, jpeg.length).set(jpeg);
    if (tjDecompressHeader3(handle, input, jpeg.length, sizes, sizes + 4, sizes + 8, sizes + 12) !== 0)
      return undefined;
    const [width, height] = new Int32Array(memory.buffer, sizes, 2) as unknown as [number, number];
    if (width * height > mostPixels) return undefined;
    const bytes = width * height * 3;
    const output = this.#room(this.#output, bytes);
    if (tjDecompress2(handle, input, jpeg.length, output, width, width * 3, height, rgb, 0) !== 0) return undefined;
    return { width, height, pixels: new Uint8Array(memory.buffer, output, bytes) };
  }

  /** Memory on the side of WebAssembly that holds so many bytes. */
  #room(held: { pointer: number; bytes: number }, bytes: number): number {
    if (held.bytes >= bytes) return held.pointer;
    this.#exports.free(held.pointer);
    held.bytes = bytes * 2;
    held.pointer = this.#exports.malloc(held.bytes);
    return held.pointer;
  }

  #startAnew(): void {
    this.#exports = instance();
    this.#handle = this.#exports.tjInitDecompress();
    this.#input = { pointer: 0, bytes: 0 };
    this.#output = { pointer: 0, bytes: 0 };
    this.#sizes = this.#exports.malloc(16);
  }
}

/** How the C code leaves a call after an error. */
class LongJump extends Error {
  override readonly name = "LongJump";
}

function instance(): Exports {
  compiled ??= new WebAssembly.Module(
    readFileSync(createRequire(import.meta.url).resolve("@cwasm/jpeg-turbo/jpeg-turbo.wasm")),
  );
  const nothing = () => 0;
  const { exports } = new WebAssembly.Instance(compiled, {
    env: {
      setjmp: nothing,
      longjmp() {
        throw new LongJump();
      },
    },
    // it asks for files and the environment when it is told to print, which nobody does
    wasi_snapshot_preview1: {
      environ_sizes_get: nothing,
      environ_get: nothing,
      proc_exit: nothing,
      fd_close: nothing,
      fd_seek: nothing,
      fd_write: nothing,
    },
  });
  return exports as unknown as Exports;
}
