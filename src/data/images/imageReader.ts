import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ImagePlace } from "./decodeJob.js";
import { openFiles } from "./openFiles.js";
import { Unreadable } from "./unreadable.js";

/** The shards in use; times 16 threads, within the 1024 descriptors that a process commonly may have. */
const mostOpen = 16;
/** Milliseconds after which a thread without work closes them. */
const idle = 1000;
/** Memory for more bytes than this is given back after the image. */
const mostKept = 1 << 22;

/** Reads the bytes of images. */
export interface ImageReader {
  /**
   * The bytes; valid until the next call.
   *
   * @throws Unreadable `ends after 100 of 6144 bytes`
   * @throws Error of the system's, for files that cannot be opened or read
   */
  read(place: ImagePlace): Buffer;
  /** See `OpenFiles.recheck`. */
  recheck(): void;
}

/** A reader of images; shards stay open, files of one image do not. */
export function imageReader(): ImageReader {
  const files = openFiles({ most: mostOpen, idle });
  /** Used again for the next image: making it anew each time keeps the collector busy. */
  let kept = Buffer.allocUnsafeSlow(1 << 16);

  function part(file: number, offset: number, length: number): Buffer {
    if (kept.length < length && length <= mostKept) kept = Buffer.allocUnsafeSlow(Math.min(length * 2, mostKept));
    const bytes = length > mostKept ? Buffer.allocUnsafeSlow(length) : kept;
    const done = readSync(file, bytes, 0, length, offset);
    if (done < length) throw new Unreadable(`ends after ${done} of ${length} bytes`);
    return bytes.subarray(0, length);
  }

  function wholeFile(path: string): Buffer {
    const file = openSync(path, "r");
    try {
      return part(file, 0, fstatSync(file).size);
    } finally {
      closeSync(file);
    }
  }

  return {
    read({ path, offset, length }) {
      return length === undefined ? wholeFile(path) : part(files.descriptor(path), offset, length);
    },
    recheck: files.recheck,
  };
}
