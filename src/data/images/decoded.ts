/** A decoded image. */
export interface Decoded {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3]; valid until the decoder's next call. */
  readonly pixels: Uint8Array;
}

/** Decodes the JPEG images it knows; `undefined` for what another decoder has to look at, damaged files among it. */
export interface JpegDecoder {
  /** @param into the pixels are this, rather than memory of the decoder, where it can and they fit exactly */
  decode(jpeg: Uint8Array, into?: Uint8Array): Decoded | undefined;
}
