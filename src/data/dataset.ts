/**
 * Images with what is known of them, in memory. Item `i` has the image `images[i·h·w·c …]` and the `i`-th entry of each
 * column; its `id` stays with it through subsets and batches.
 */
export interface ImageDataset {
  readonly name: string;
  /** Name of each label. */
  readonly classNames: readonly string[];
  /** Number of items, n. */
  readonly size: number;
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  /** [n, height, width, channels], 0 … 255. */
  readonly images: Uint8Array;
  readonly ids: Int32Array;
  readonly labels: Int32Array;
  /** Two items of one group are semantically alike: as negatives of each other they are false negatives. */
  readonly groups: Int32Array;
  /** True latent variables, one column of n values each, where the data set has them. */
  readonly factors?: Readonly<Record<string, Float32Array>>;
}

/** Some items of a data set. */
export interface Batch {
  /** [batch, height, width, channels], 0 … 255; copied out of the data set when first asked for. */
  readonly images: Uint8Array;
  /** Where the images come from: a data set's bytes, and positions of whole images in them. */
  readonly source: { readonly bytes: Uint8Array; readonly positions: Int32Array };
  readonly shape: readonly [number, number, number, number];
  readonly ids: Int32Array;
  readonly labels: Int32Array;
  readonly groups: Int32Array;
}
