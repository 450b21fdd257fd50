import type { Decoded, JpegDecoder } from "./decoded.js";
import { type JpegTurboExports, jpegTurboExports, LongJump } from "./jpegTurboExports.js";

/** TJPF_RGB. */
const rgb = 0;

/** Above this many pixels, setting sharp up costs little beside the decoding, which its SIMD code does faster. */
const mostPixels = 1 << 18;

/** More bytes than so many pixels take, unless most of the file is something else, such as a profile or a preview. */
const mostBytes = 1 << 20;

/**
 * A decoder of small JPEG images: libjpeg-turbo in WebAssembly, with the exact arithmetic of the native one (islow DCT,
 * fancy upsampling), so that its pixels are those of sharp, Pillow and torchvision. It is here because sharp sets up a
 * pipeline for each image, which for 64×64 takes several times as long as the decoding.
 */
export class JpegTurbo implements JpegDecoder {
  readonly #start: () => JpegTurboExports;
  #state: State;

  /** @param start makes an instance of the WebAssembly module; default: of the one that is installed */
  constructor(start: () => JpegTurboExports = jpegTurboExports) {
    this.#start = start;
    this.#state = stateOf(start());
  }

  /**
   * The pixels of an image, [height, width, 3]; valid until the next call. `undefined` for what another decoder has to
   * look at: large images and files, four colors, damaged files.
   *
   * @throws Error `jpegTurbo: no 1048576 bytes are left in WebAssembly's memory`
   */
  decode(jpeg: Uint8Array): Decoded | undefined {
    if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8 || jpeg.length > mostBytes) return undefined;
    try {
      return this.#decode(jpeg);
    } catch (error) {
      if (!(error instanceof LongJump || error instanceof WebAssembly.RuntimeError)) throw error;
      this.#state = stateOf(this.#start()); // an error leaves the C code in the middle of a call
      return undefined;
    }
  }

  #decode(jpeg: Uint8Array): Decoded | undefined {
    const { exports, handle, sizes, input, output } = this.#state;
    const from = room(exports, input, jpeg.length);
    new Uint8Array(exports.memory.buffer, from, jpeg.length).set(jpeg);
    if (exports.tjDecompressHeader3(handle, from, jpeg.length, sizes, sizes + 4, sizes + 8, sizes + 12) !== 0)
      return undefined;
    const [width, height] = new Int32Array(exports.memory.buffer, sizes, 2) as unknown as [number, number];
    if (width * height > mostPixels) return undefined;
    const to = room(exports, output, width * height * 3);
    if (exports.tjDecompress2(handle, from, jpeg.length, to, width, width * 3, height, rgb, 0) !== 0) return undefined;
    return { width, height, pixels: new Uint8Array(exports.memory.buffer, to, width * height * 3) };
  }
}

/** Memory on the side of WebAssembly. */
interface Held {
  pointer: number;
  bytes: number;
}

interface State {
  readonly exports: JpegTurboExports;
  readonly handle: number;
  /** Of 16 bytes. */
  readonly sizes: number;
  readonly input: Held;
  readonly output: Held;
}

function stateOf(exports: JpegTurboExports): State {
  const handle = exports.tjInitDecompress();
  if (handle === 0) throw new Error("jpegTurbo: the decoder in WebAssembly does not start, its memory is too small");
  const [input, output] = [
    { pointer: 0, bytes: 0 },
    { pointer: 0, bytes: 0 },
  ];
  return { exports, handle, sizes: allocated(exports, 16), input, output };
}

/** Memory that holds so many bytes. */
function room(exports: JpegTurboExports, held: Held, bytes: number): number {
  if (held.bytes >= bytes) return held.pointer;
  exports.free(held.pointer);
  Object.assign(held, { pointer: 0, bytes: 0 }); // what is freed is not held, whatever comes
  held.pointer = allocated(exports, bytes * 2);
  held.bytes = bytes * 2;
  return held.pointer;
}

function allocated(exports: JpegTurboExports, bytes: number): number {
  const pointer = exports.malloc(bytes);
  if (pointer === 0) throw new Error(`jpegTurbo: no ${bytes} bytes are left in WebAssembly's memory`);
  return pointer;
}
