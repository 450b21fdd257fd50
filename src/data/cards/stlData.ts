import { open } from "node:fs/promises";
import type { ImageDataset } from "../dataset.js";
import type { StlCard } from "../files/card.js";
import type { TarMember } from "../files/tar.js";
import { groupsOf } from "../groupsOf.js";
import { type Archive, memberBytes, memberOf, openArchive, readAt } from "./archiveMembers.js";
import { type CardOptions, splitOf } from "./cardOptions.js";
import { planarToPixels } from "./planarToPixels.js";

/**
 * A data set in STL-10's binary files: images of color planes that go down their columns, labels from 1. Images are read
 * from the disk when they are asked for: the unlabeled ones take 2.8 GB. Labels are from 0 here, −1 for all images of a
 * split without labels.
 *
 * @throws Error `stl10: … train_X.bin must have 138240000 bytes (5000 images), has 100`, `… must hold labels from 1 to 10,
 *   holds 12`
 */
export async function stlData(caller: string, card: StlCard, options: CardOptions): Promise<ImageDataset> {
  const { split, limit } = splitOf(caller, card, options);
  const archive = await openArchive(caller, card);
  const { items, images, labels } = card.splits[split] as StlCard["splits"][string];
  const extent = card.imageShape.reduce((product, side) => product * side, 1);
  const member = memberOf(caller, archive, images);
  requireBytes(caller, archive, member, items * extent, items);
  const all = labels
    ? await readLabels(caller, card, archive, memberOf(caller, archive, labels), items)
    : new Int32Array(items).fill(-1);
  const own = all.slice(0, Math.min(limit, items));
  return {
    name: card.name,
    classNames: card.classes,
    size: own.length,
    imageShape: card.imageShape,
    ids: Int32Array.from(own, (_, index) => index),
    labels: own,
    groups: groupsOf(own),
    async read(positions) {
      const bytes = new Uint8Array(positions.length * extent);
      const planes = new Uint8Array(extent);
      const file = await open(archive.path);
      try {
        for (const [at, position] of positions.entries()) {
          await readAt(file, planes, member.offset + position * extent);
          planarToPixels(planes, card.imageShape, bytes.subarray(at * extent, (at + 1) * extent), true);
        }
      } finally {
        await file.close();
      }
      return { bytes, places: positions.map((_, at) => at) };
    },
  };
}

async function readLabels(
  caller: string,
  { classes }: StlCard,
  archive: Archive,
  member: TarMember,
  items: number,
): Promise<Int32Array> {
  requireBytes(caller, archive, member, items, items);
  const bytes = await memberBytes(archive.path, member);
  const wrong = bytes.find((label) => label < 1 || label > classes.length);
  if (wrong !== undefined) {
    throw new Error(
      `${caller}: ${member.name} in ${archive.path} must hold labels from 1 to ${classes.length}, holds ${wrong}`,
    );
  }
  return Int32Array.from(bytes, (label) => label - 1);
}

function requireBytes(
  caller: string,
  archive: Archive,
  { name, length }: TarMember,
  bytes: number,
  items: number,
): void {
  if (length === bytes) return;
  throw new Error(`${caller}: ${name} in ${archive.path} must have ${bytes} bytes (${items} images), has ${length}`);
}
