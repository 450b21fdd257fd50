import type { ImageDataset } from "../dataset.js";
import { byCodePoints } from "../files/byCodePoints.js";
import type { FolderCard } from "../files/card.js";
import type { TarMember } from "../files/tar.js";
import { encodedImages, type OnError } from "../images/encodedImages.js";
import { isImageName } from "../images/imageNames.js";
import { type Archive, memberBytes, memberOf, openArchive } from "./archiveMembers.js";
import { type CardOptions, splitOf } from "./cardOptions.js";

/** Options of data sets whose images are decoded when they are read. */
export interface DecodedOptions<Split extends string = string> extends CardOptions<Split> {
  /** Height, width and channels (1 or 3) that images are brought to; default: the data set's own. */
  imageShape?: readonly [number, number, number];
  /** What is done about an image that cannot be read; default `skip`, which counts it in `unreadable`. */
  onError?: OnError;
}

/** A data set of image files in an archive, sorted by class and then by name as torchvision's `ImageFolder` does. */
export async function folderData(caller: string, card: FolderCard, options: DecodedOptions): Promise<ImageDataset> {
  const { split, limit } = splitOf(caller, card, options);
  const archive = await openArchive(caller, card);
  const { path } = archive;
  const classFolders = card.classFolders ?? foldersIn(archive, (card.splits["train"] as Split).folder);
  const { annotations } = card.splits[split] as Split;
  const all = itemsOf(caller, card, split, archive, {
    classFolders,
    annotations: annotations === undefined ? new Map() : await readTable(caller, archive, annotations),
  });
  const items = all.slice(0, Math.min(limit, all.length));
  const labels = Int32Array.from(items, ({ label }) => label);
  const { imageShape = card.imageShape, onError = "skip" } = options;
  const parts = {
    name: card.name,
    classNames: await classNamesOf(caller, card, archive, classFolders),
    imageShape,
    labels,
    placeOf(position: number) {
      const { offset, length } = (items[position] as Item).member;
      return { path, offset, length };
    },
    nameOf: (position: number) => `${path}/${(items[position] as Item).member.name}`,
  };
  return encodedImages(caller, parts, { onError });
}

type Split = FolderCard["splits"][string];

interface Item {
  readonly member: TarMember;
  readonly label: number;
}

/**
 * The images of a split, by class and then by name.
 *
 * @throws Error `imagenette: train in /… must have 9469 images, has 9000`, `tinyImagenet: val_annotations.txt in /… must name
 *   the class of val/images/val_7.JPEG, one of n01443537, …`
 */
function itemsOf(
  caller: string,
  card: FolderCard,
  split: string,
  archive: Archive,
  { classFolders, annotations }: { classFolders: readonly string[]; annotations: ReadonlyMap<string, string> },
): Item[] {
  const { items: count, folder, annotations: list, unlabeled } = card.splits[split] as Split;
  const labelOf = new Map(classFolders.map((name, label) => [name, label]));
  const items: Item[] = [];
  for (const [name, member] of archive.members) {
    if (!name.startsWith(`${folder}/`) || !isImageName(name)) continue;
    const [classFolder = ""] = name.slice(folder.length + 1).split("/");
    const own = list === undefined ? classFolder : annotations.get(name.slice(name.lastIndexOf("/") + 1));
    const label = unlabeled ? -1 : labelOf.get(own ?? "");
    if (label === undefined) {
      const where = list === undefined ? "the folder" : list;
      throw new Error(
        `${caller}: ${where} in ${archive.path} must name the class of ${name}, one of ${classFolders.join(", ")}`,
      );
    }
    items.push({ member, label });
  }
  if (items.length !== count) {
    throw new Error(`${caller}: ${split} in ${archive.path} must have ${count} images, has ${items.length}`);
  }
  return items.sort((a, b) => a.label - b.label || byCodePoints(a.member.name, b.member.name));
}

/** The folders in a folder, sorted. */
function foldersIn({ members }: Archive, folder: string): string[] {
  const inside = [...members.keys()].filter((name) => name.startsWith(`${folder}/`));
  const names = inside.map((name) => name.slice(folder.length + 1).split("/"));
  return [...new Set(names.flatMap(([first, ...rest]) => (rest.length > 0 ? [first as string] : [])))].sort(
    byCodePoints,
  );
}

/** Of each class folder, as the card has them or as the archive's list of words does. */
async function classNamesOf(
  caller: string,
  { words, classes }: FolderCard,
  archive: Archive,
  classFolders: readonly string[],
): Promise<readonly string[]> {
  if (words === undefined) return classes;
  const names = await readTable(caller, archive, words);
  return classFolders.map((folder) => {
    const name = names.get(folder)?.split(",")[0];
    if (name === undefined) throw new Error(`${caller}: ${words} in ${archive.path} does not name ${folder}`);
    return name.trim();
  });
}

/** The first two columns of a member with one line per entry, columns set apart by tabs. */
async function readTable(caller: string, archive: Archive, name: string): Promise<Map<string, string>> {
  const text = Buffer.from(await memberBytes(archive.path, memberOf(caller, archive, name))).toString("utf8");
  return new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes("\t"))
      .map((line) => line.split("\t") as [string, string]),
  );
}
