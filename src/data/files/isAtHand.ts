import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readCard } from "./card.js";
import { dataFolder } from "./dataFolder.js";
import { absent } from "./verifyFile.js";

/**
 * Whether all files of a data set lie in {@link dataFolder} with the sizes its card states, so that it can be loaded
 * without network. Loading verifies idx files each time, and archives before they are unpacked; of an unpacked archive it
 * looks at the length and the end. {@link verifyFiles} reads all of it.
 *
 * @throws RangeError `data: name must be one of cifar-10, …, got "cifar10"; did you mean cifar-10?`
 */
export async function isAtHand(name: string): Promise<boolean> {
  const { files } = await readCard(name);
  const present = files.map(async (file) => {
    const found = await stat(join(dataFolder(name), file.name)).catch(absent);
    return found?.size === file.bytes;
  });
  return (await Promise.all(present)).every(Boolean);
}
