import { type DecodedOptions, folderData } from "./cards/folderData.js";
import type { ImageDataset } from "./dataset.js";
import { type FolderCard, readCard } from "./files/card.js";

/**
 * Tiny ImageNet: 64×64 color images of 200 classes of ImageNet, 100,000 to train and 10,000 to validate with, and 10,000
 * whose labels (−1 here) were never published. Le and Yang 2015. The official archive is verified and unpacked when it is
 * first used, see {@link dataFolder}; images are decoded when they are asked for.
 *
 * @param options.split default `train`; `test` has no labels
 * @param options.limit take the first so many items, sorted by class; default: all
 * @param options.imageShape default [64, 64, 3]
 * @param options.onError default `skip`
 * @throws Error such as `tinyImagenet: /…/tiny-imagenet-200.zip is not there; …`, likewise for a wrong length or sha256
 */
export async function tinyImagenet(options: DecodedOptions<"train" | "val" | "test"> = {}): Promise<ImageDataset> {
  return folderData("tinyImagenet", (await readCard("tiny-imagenet")) as FolderCard, options);
}
