import type { CardOptions } from "./cards/cardOptions.js";
import { stlData } from "./cards/stlData.js";
import type { ImageDataset } from "./dataset.js";
import { readCard, type StlCard } from "./files/card.js";

/**
 * STL-10: 96×96 color images of ten classes, 5,000 to train and 8,000 to test with, and 100,000 without labels to learn
 * representations from. Coates, Lee and Ng 2011 (AISTATS). The official archive (2.6 GB) is verified and unpacked (3.2 GB
 * more) when it is first used, see {@link dataFolder}; images are read when they are asked for. Labels of `unlabeled` are
 * −1, each item there is its own group.
 *
 * @param options.split default `train`
 * @param options.limit take the first so many items; default: all
 * @throws Error such as `stl10: /…/stl10_binary.tar.gz is not there; …`, likewise for a wrong length or sha256
 */
export async function stl10(options: CardOptions<"train" | "test" | "unlabeled"> = {}): Promise<ImageDataset> {
  return stlData("stl10", (await readCard("stl-10")) as StlCard, options);
}
