import type { CardOptions } from "./cards/cardOptions.js";
import { cifarData } from "./cards/cifarData.js";
import type { ImageArray } from "./dataset.js";
import { type CifarCard, readCard } from "./files/card.js";

/**
 * CIFAR-100: 32×32 color images of 100 classes in 20 superclasses, 50,000 to train and 10,000 to test with. Krizhevsky 2009,
 * "Learning Multiple Layers of Features from Tiny Images". Files as {@link cifar10} has them. The group is the label;
 * `factors` has both kinds of label.
 *
 * @param options.split default `train`
 * @param options.limit take the first so many items; default: all
 * @param options.labels the classes (`fine`, the default) or the superclasses (`coarse`)
 * @throws Error such as `cifar100: /…/cifar-100-binary.tar.gz is not there; …`, likewise for a wrong length or sha256
 */
export async function cifar100(
  options: CardOptions<"train" | "test"> & { labels?: "fine" | "coarse" } = {},
): Promise<ImageArray> {
  return cifarData("cifar100", (await readCard("cifar-100")) as CifarCard, options);
}
