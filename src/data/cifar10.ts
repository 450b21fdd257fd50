import type { CardOptions } from "./cards/cardOptions.js";
import { cifarData } from "./cards/cifarData.js";
import type { ImageArray } from "./dataset.js";
import { type CifarCard, readCard } from "./files/card.js";

/**
 * CIFAR-10: 32×32 color images of ten classes, 50,000 to train and 10,000 to test with. Krizhevsky 2009, "Learning Multiple
 * Layers of Features from Tiny Images". The official archive is verified and unpacked when it is first used, see
 * {@link dataFolder}; nothing is downloaded here. Images are [n, 32, 32, 3], the group is the label.
 *
 * @param options.split default `train`
 * @param options.limit take the first so many items; default: all
 * @throws Error such as `cifar10: /…/cifar-10-binary.tar.gz is not there; …`, likewise for a wrong length or sha256
 */
export async function cifar10(options: CardOptions<"train" | "test"> = {}): Promise<ImageArray> {
  return cifarData("cifar10", (await readCard("cifar-10")) as CifarCard, options);
}
