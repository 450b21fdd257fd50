import type { ImageArray, ImageDataset } from "../dataset.js";
import { imageArray } from "../imageArray.js";
import { drawImages, type Worlds } from "./drawings.js";
import { drawInThreads } from "./drawThreads.js";

/** A data set of drawn images: drawn now and kept, or when they are read. */
export function generated<Kind extends keyof Worlds>(
  parts: Omit<ImageDataset, "read">,
  drawing: { readonly kind: Kind; readonly world: Worlds[Kind]; readonly lazy: boolean },
): ImageArray | ImageDataset {
  const [height, width, channels] = parts.imageShape;
  const order = { kind: drawing.kind, world: drawing.world, extent: height * width * channels };
  if (!drawing.lazy) return imageArray({ ...parts, images: drawImages({ ...order, ids: parts.ids }) });
  return {
    ...parts,
    async read(positions) {
      const ids = positions.map((position) => parts.ids[position] as number);
      return { bytes: await drawInThreads({ ...order, ids }), places: positions.map((_, at) => at) };
    },
  };
}
