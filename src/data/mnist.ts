import type { CardOptions } from "./cards/cardOptions.js";
import { idxData } from "./cards/idxData.js";
import type { ImageArray } from "./dataset.js";
import { type IdxCard, readCard } from "./files/card.js";

/**
 * MNIST: 28×28 gray images of handwritten digits, 60,000 to train and 10,000 to test with. LeCun, Bottou, Bengio and
 * Haffner 1998 (doi:10.1109/5.726791). Files, ids and groups as {@link fashionMnist} has them.
 *
 * @param options.split default `train`
 * @param options.limit take the first so many items; default: all
 * @throws Error such as `mnist: /…/train-images-idx3-ubyte.gz is not there; …`, likewise for a wrong length or sha256
 */
export async function mnist(options: CardOptions<"train" | "test"> = {}): Promise<ImageArray> {
  return idxData("mnist", (await readCard("mnist")) as IdxCard, options);
}
