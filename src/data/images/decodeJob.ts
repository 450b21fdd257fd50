/** Where the bytes of one image lie. */
export interface ImagePlace {
  readonly path: string;
  readonly offset: number;
  /** `undefined`: to the end of the file. */
  readonly length: number | undefined;
}

/** What a decoding thread is asked. */
export interface DecodeJob {
  readonly places: readonly ImagePlace[];
  readonly shape: readonly [number, number, number];
}

/** What it answers. */
export interface DecodeAnswer {
  /** One image per place, one after the other; zeros for one that cannot be read. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Why an image cannot be read; `undefined` for one that is read. */
  readonly problems: readonly (string | undefined)[];
}
