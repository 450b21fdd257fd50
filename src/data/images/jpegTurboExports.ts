import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What the WebAssembly build of libjpeg-turbo exports, as its `turbojpeg.h` has it; numbers are pointers. */
export interface JpegTurboExports {
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

let compiled: WebAssembly.Module | undefined;

/** How the C code leaves a call after an error. */
export class LongJump extends Error {
  override readonly name = "LongJump";
}

/** A fresh instance, with memory of its own. */
export function jpegTurboExports(): JpegTurboExports {
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
  return exports as unknown as JpegTurboExports;
}
