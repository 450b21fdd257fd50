/**
 * What is known of the items of a data set. Item `i` has the `i`-th entry of each column; its `id` stays with it through
 * subsets and batches.
 */
export interface Items {
  readonly name: string;
  /** Name of each label. */
  readonly classNames: readonly string[];
  /** Number of items, n. */
  readonly size: number;
  readonly ids: Int32Array;
  readonly labels: Int32Array;
  /** Two items of one group are semantically alike: as negatives of each other they are false negatives. */
  readonly groups: Int32Array;
  /** True latent variables, one column of n values each, where the data set has them. */
  readonly factors?: Readonly<Record<string, Float32Array>>;
}

/** Images, wherever their bytes are: item `i` has the `i`-th image. */
export interface ImageDataset extends Items {
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  /** Images that could not be read so far and were skipped, each once; absent where every image is known to be good. */
  readonly unreadable?: readonly UnreadableImage[];
  /** The images at some positions, each in 0 … size − 1; a position may occur twice. */
  read(positions: Int32Array): Promise<ReadImages>;
}

/** A data set whose images are in memory. */
export interface ImageArray extends ImageDataset {
  /** [n, height, width, channels], 0 … 255. */
  readonly images: Uint8Array;
}

/** Vectors with what is known of them: item `i` has the `i`-th vector. */
export interface VectorDataset extends Items {
  /** Length of a vector, d. */
  readonly dimensions: number;
  /** The vectors at some positions, each in 0 … size − 1; a position may occur twice. [positions, d] */
  read(positions: ArrayLike<number>): Promise<Float32Array>;
  /**
   * One view of each: what an augmentation would have made of it. Follows from seed, step, view and the item alone, as
   * `makeView` does for images. [positions, d]
   */
  readView(positions: ArrayLike<number>, at: { seed: number; step: number; view: number }): Promise<Float32Array>;
}

/** An image that was skipped. */
export interface UnreadableImage {
  /** Where it lies, such as `/data/cats/12.jpg` or `/data/shard-0003.tar/00412.jpg`. */
  readonly name: string;
  /**
   * What the decoder says, such as `VipsJpeg: premature end of JPEG image`. Of several that fail at once one may get the
   * words for another, which libvips keeps for all threads.
   */
  readonly reason: string;
}

/** What {@link ImageDataset.read} has read. */
export interface ReadImages {
  /** Whole images of height · width · channels values, one after the other. */
  readonly bytes: Uint8Array;
  /** For each position asked for, the number of its image within `bytes`; −1 for one that cannot be read. */
  readonly places: Int32Array;
}

/** Some items of a data set. */
export interface Batch {
  /** [batch, height, width, channels], 0 … 255; copied out of `source` when first asked for. */
  readonly images: Uint8Array;
  /** Where the images come from: bytes, and positions of whole images in them. */
  readonly source: { readonly bytes: Uint8Array; readonly positions: Int32Array };
  readonly shape: readonly [number, number, number, number];
  readonly ids: Int32Array;
  readonly labels: Int32Array;
  readonly groups: Int32Array;
  /** How many of the items stand in for others whose images cannot be read (see `epochBatches`). */
  readonly replaced: number;
}
