/**
 * sharp's settings hold for the whole process, and each thread that loads it sets them back to what it comes with: the user's
 * own are sent along and set again. (Set for the decoding, with no cache and one thread, they gained no speed.)
 */
export interface SharpSettings {
  readonly concurrency: number;
  readonly cache: { readonly memory: number; readonly files: number; readonly items: number };
}

/** What holds now, in the thread of the user. */
export async function sharpSettings(): Promise<SharpSettings> {
  const { default: sharp } = await import("sharp");
  const { memory, files, items } = sharp.cache();
  return { concurrency: sharp.concurrency(), cache: { memory: memory.max, files: files.max, items: items.max } };
}

let loaded: Promise<typeof import("sharp")["default"]> | undefined;

/** sharp, in a thread of ours, with what has to hold; loaded when the first image needs it. */
export function loadSharp({ concurrency, cache }: SharpSettings): Promise<typeof import("sharp")["default"]> {
  loaded ??= import("sharp").then(({ default: sharp }) => {
    sharp.concurrency(concurrency);
    sharp.cache(cache);
    return sharp;
  });
  return loaded;
}
