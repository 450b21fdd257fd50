import { open } from "node:fs/promises";
import { cachedByFile } from "../files/cachedByFile.js";
import { type TarMember, tarMembers } from "../files/tar.js";

/** The files of a tar archive by name; the list is made once and then kept, see {@link cachedByFile}. */
export async function archiveMembers(path: string): Promise<ReadonlyMap<string, TarMember>> {
  const members = await cachedByFile(path, "members", tarMembers);
  return new Map(members.map((member) => [member.name.replace(/^\.\//, ""), member]));
}

/**
 * A file of an archive.
 *
 * @throws Error `stl10: /…/stl10_binary-f31fd992.tar has no member stl10_binary/train_X.bin`
 */
export function memberOf(
  caller: string,
  path: string,
  members: ReadonlyMap<string, TarMember>,
  name: string,
): TarMember {
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
