import { type DecodedOptions, folderData } from "./cards/folderData.js";
import type { ImageDataset } from "./dataset.js";
import { type FolderCard, readCard } from "./files/card.js";

/**
 * Imagenette: color images of ten easily told classes of ImageNet, 9,469 to train and 3,925 to validate with, in the release
 * with a shorter side of 160 px. Howard 2019. Files as {@link tinyImagenet} has them; images are cropped to the middle.
 *
 * @param options.split default `train`
 * @param options.limit take the first so many items, sorted by class; default: all
 * @param options.imageShape default [160, 160, 3]
 * @param options.onError default `skip`
 * @throws Error such as `imagenette: /…/imagenette2-160.tgz is not there; …`, likewise for a wrong length or sha256
 */
export async function imagenette(options: DecodedOptions<"train" | "val"> = {}): Promise<ImageDataset> {
  return folderData("imagenette", (await readCard("imagenette")) as FolderCard, options);
}
