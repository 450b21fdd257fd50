import type { SharpSettings } from "./sharpSettings.js";

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
  /** Gets one image per place, one after the other; what it gets of one that cannot be read means nothing. */
  readonly target: Uint8Array<SharedArrayBuffer>;
  readonly settings: SharpSettings;
}

/** What it answers when it is done: why an image cannot be read; `undefined` for one that is read. */
export type DecodeAnswer = readonly (string | undefined)[];
