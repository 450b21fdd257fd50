import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { requireThat } from "../check/index.js";
import type { ImageDataset } from "./dataset.js";
import { byCodePoints } from "./files/byCodePoints.js";
import { encodedImages, type OnError } from "./images/encodedImages.js";
import { imageExtensions, isImageName } from "./images/imageNames.js";

/** Options of data sets of image files. */
export interface ImageFileOptions {
  /** Height, width and channels (1 or 3) that images are scaled and cropped to. */
  imageShape: readonly [number, number, number];
  /** What is done about an image that cannot be read; default `skip`, which counts it in `unreadable`. */
  onError?: OnError;
  /** Default the name of the folder or file. */
  name?: string;
}

/**
 * Image files (JPEG, PNG, WebP) in one folder per class, in the order of torchvision's `ImageFolder`: classes sorted as
 * Python sorts; within a class folder by folder, sorted by path, and the files of each by name. Links are followed; unlike
 * there, hidden files and folders are left out, and what is neither file nor folder. Images are decoded when they are
 * read: the shorter side is scaled, the middle is cropped, EXIF orientation is ignored.
 *
 * @param options.imageShape height, width, channels (1 or 3) that images are brought to
 * @param options.onError default `skip`
 * @param options.name default the name of the folder
 * @throws Error `imageFolder: /data/pets must hold one folder per class, has none`, `imageFolder: /data/pets/cats must hold
 *   images (jpg, jpeg, png, webp), has none`, `imageFolder: /data/pets/cats/7.jpg must lead to a file or folder, got ENOENT;
 *   mend or remove the link`
 */
export async function imageFolder(folder: string, options: ImageFileOptions): Promise<ImageDataset> {
  const { imageShape, onError = "skip", name = basename(resolve(folder)) } = options;
  const found = await list(folder);
  const classNames = found.filter(({ kind }) => kind === "folder").map((entry) => entry.name);
  requireFound(classNames, `${folder} must hold one folder per class`);
  const paths: string[] = [];
  const labels: number[] = [];
  for (const [label, classFolder] of classNames.entries()) {
    const folders = (await imagesIn(join(folder, classFolder))).sort((a, b) => byCodePoints(a.folder, b.folder));
    const own = folders.flatMap((inside) => inside.names.map((image) => join(inside.folder, image)));
    requireFound(own, `${join(folder, classFolder)} must hold images (${imageExtensions.join(", ")})`);
    for (const path of own) {
      paths.push(path);
      labels.push(label);
    }
  }
  const nameOf = (position: number) => paths[position] as string;
  const parts = {
    name,
    classNames,
    imageShape,
    labels: Int32Array.from(labels),
    placeOf: (position: number) => ({ path: nameOf(position), offset: 0, length: undefined }),
    nameOf,
  };
  return encodedImages("imageFolder", parts, { onError });
}

function requireFound(found: readonly string[], what: string): void {
  requireThat(found.length > 0, "imageFolder", `${what}, has none`);
}

/** Images by name, of a folder and of each folder within it. */
async function imagesIn(folder: string): Promise<{ folder: string; names: string[] }[]> {
  const entries = await list(folder);
  const names = entries.filter(({ name, kind }) => kind === "file" && isImageName(name)).map(({ name }) => name);
  const folders = entries.filter(({ kind }) => kind === "folder");
  const inside = await Promise.all(folders.map(({ name }) => imagesIn(join(folder, name))));
  return [{ folder, names }, ...inside.flat()];
}

/** Reading what is neither, such as a pipe, might never end. */
type Kind = "file" | "folder" | "other";

/** What is in a folder, sorted, links followed; hidden entries are left out. */
async function list(folder: string): Promise<{ name: string; kind: Kind }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw new Error(`imageFolder: ${resolve(folder)} is not there`, { cause });
    throw new Error(`imageFolder: ${folder} must be a folder that can be read, got ${cause.code}`, { cause });
  });
  const shown = entries.filter(({ name }) => !name.startsWith(".")).sort((a, b) => byCodePoints(a.name, b.name));
  return Promise.all(
    shown.map(async (entry) => ({
      name: entry.name,
      kind: kindOf(entry.isSymbolicLink() ? await target(join(folder, entry.name)) : entry),
    })),
  );
}

function kindOf(found: Pick<Stats, "isFile" | "isDirectory">): Kind {
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "other";
}

function target(link: string): Promise<Stats> {
  return stat(link).catch((cause: NodeJS.ErrnoException) => {
    const want = "must lead to a file or folder";
    throw new Error(`imageFolder: ${link} ${want}, got ${cause.code}; mend or remove the link`, { cause });
  });
}
