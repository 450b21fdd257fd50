import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { tarOf } from "../../src/data/files/writeTar.js";
import { realArchive } from "./cardOf.js";

/** Some of the real 64×64 JPEG images, in the order of their names, and their classes from 0. */
export async function realJpegs(
  folder: string,
  each: number,
): Promise<{ bytes: Buffer; label: number; name: string }[]> {
  await promisify(execFile)("tar", ["xzf", realArchive("tiny-imagenet-10", "tiny-imagenet-10.tar.gz"), "-C", folder]);
  const train = join(folder, "tiny-imagenet-10", "train");
  const images = [];
  for (const [label, wnid] of (await readdir(train)).sort().entries()) {
    const names = (await readdir(join(train, wnid, "images"))).sort().slice(0, each);
    for (const name of names) images.push({ bytes: await readFile(join(train, wnid, "images", name)), label, name });
  }
  return images;
}

/** Writes a shard; each sample is a record of its files by extension. */
export async function writeShard(
  path: string,
  samples: readonly Readonly<Record<string, Uint8Array | string>>[],
  first = 0,
): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (const [at, sample] of samples.entries()) {
    for (const [extension, content] of Object.entries(sample)) {
      files[`${String(first + at).padStart(5, "0")}.${extension}`] = Buffer.from(content);
    }
  }
  await writeFile(path, tarOf(files));
}
