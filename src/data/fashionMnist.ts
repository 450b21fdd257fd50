import type { CardOptions } from "./cards/cardOptions.js";
import { idxData } from "./cards/idxData.js";
import type { ImageArray } from "./dataset.js";
import { type IdxCard, readCard } from "./files/card.js";

/**
 * Fashion-MNIST: 28×28 gray images of ten kinds of clothing, 60,000 to train and 10,000 to test with. Xiao, Rasul and
 * Vollgraf 2017 (arXiv:1708.07747). The four official files are looked for in {@link dataFolder} and verified against
 * the sha256 of their card each time; nothing is downloaded here. Images are [n, 28, 28, 1], the group is the label,
 * ids count from 0 in each split.
 *
 * @param options.split default `train`
 * @param options.limit take the first so many items; default: all
 * @throws Error such as `fashionMnist: /…/train-images-idx3-ubyte.gz is not there; …`, likewise for a wrong length or
 *   sha256
 */
export async function fashionMnist(options: CardOptions<"train" | "test"> = {}): Promise<ImageArray> {
  return idxData("fashionMnist", (await readCard("fashion-mnist")) as IdxCard, options);
}
