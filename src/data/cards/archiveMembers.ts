import { open } from "node:fs/promises";
import { join } from "node:path";
import { cachedByFile } from "../files/cachedByFile.js";
import type { Card, CardFile } from "../files/card.js";
import { dataFolder } from "../files/dataFolder.js";
import { type TarMember, tarMembers } from "../files/tar.js";
import { unpackArchive } from "../files/unpackArchive.js";
import { unpackedRemedy } from "../files/unpacked.js";
import { remedy } from "./cardOptions.js";

/** The archive of a card, unpacked, and the files in it by name. */
export interface Archive {
  readonly path: string;
  readonly members: ReadonlyMap<string, TarMember>;
}

/**
 * The archive of a card, unpacked if it is not yet (see {@link unpackArchive}). The list of its files is made once and then
 * kept, see {@link cachedByFile}.
 *
 * @throws Error as {@link unpackArchive} and {@link tarMembers}, with the way to mend it
 */
export async function openArchive(caller: string, card: Card): Promise<Archive> {
  const [file] = card.files as readonly [CardFile];
  const path = await unpackArchive(caller, join(dataFolder(card.name), file.name), file, remedy(card));
  const members = await cachedByFile(path, "members", tarMembers).catch((cause: Error) => {
    throw cause.message.startsWith(path)
      ? new Error(`${caller}: ${cause.message}; ${unpackedRemedy}`, { cause })
      : cause;
  });
  const byName = new Map(members.map((member) => [member.name.replace(/^\.\//, ""), member]));
  return { path, members: byName };
}

/**
 * A file of an archive.
 *
 * @throws Error `stl10: /…/stl10_binary-f31fd992.tar has no member stl10_binary/train_X.bin`
 */
export function memberOf(caller: string, { path, members }: Archive, name: string): TarMember {
  const member = members.get(name);
  if (!member) throw new Error(`${caller}: ${path} has no member ${name}`);
  return member;
}

/** The bytes of a file of an archive. */
export async function memberBytes(path: string, { offset, length }: TarMember): Promise<Uint8Array> {
  const file = await open(path);
  try {
    return await readAt(file, new Uint8Array(length), offset);
  } finally {
    await file.close();
  }
}

/** Fills `target` from a place in a file; one call to the system reads at most 2 GiB. */
export async function readAt(
  file: Awaited<ReturnType<typeof open>>,
  target: Uint8Array,
  offset: number,
): Promise<Uint8Array> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await file.read(target, done, Math.min(target.length - done, 1 << 30), offset + done);
    if (bytesRead === 0) throw new Error(`the file ends ${target.length - done} bytes early`);
    done += bytesRead;
  }
  return target;
}
