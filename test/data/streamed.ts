import type { ImageArray, ImageDataset } from "../../src/data/index.js";

/** Data in memory as if they were somewhere else: asynchronous, some unreadable, and it tells what was read. */
export function streamed(
  data: ImageArray,
  options: { unreadable?: readonly number[]; delay?: (read: number) => Promise<unknown> | undefined } = {},
): ImageDataset & { readonly reads: number[][] } {
  const { images, read: _, ...items } = data;
  const bad = new Set(options.unreadable);
  const reads: number[][] = [];
  return {
    ...items,
    reads,
    async read(positions) {
      reads.push([...positions]);
      await options.delay?.(reads.length - 1);
      const readable = positions.filter((position) => !bad.has(position));
      const extent = images.length / items.size;
      const bytes = new Uint8Array(readable.length * extent);
      readable.forEach((position, at) => {
        bytes.set(images.subarray(position * extent, (position + 1) * extent), at * extent);
      });
      let next = 0;
      return { bytes, places: positions.map((position) => (bad.has(position) ? -1 : next++)) };
    },
  };
}
