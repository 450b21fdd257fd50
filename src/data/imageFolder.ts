import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { requireThat } from "../check/index.js";
import type { ImageDataset } from "./dataset.js";
import { encodedImages, type OnError } from "./images/encodedImages.js";
import { byCodeUnits, imageExtensions, isImageName } from "./images/imageNames.js";

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
 * Image files (JPEG, PNG, WebP) in one folder per class, as torchvision's `ImageFolder` takes them: classes and paths are
 * sorted as Python sorts, folders within a class are searched, links are followed. Images are decoded when they are read:
 * the shorter side is scaled, the middle is cropped, EXIF orientation is ignored.
 *
 * @param options.imageShape height, width, channels (1 or 3) that images are brought to
 * @param options.onError default `skip`
 * @param options.name default the name of the folder
 * @throws Error `imageFolder: /data/pets must hold one folder per class, has none`, `imageFolder: /data/pets/cats must hold
 *   images (jpg, jpeg, png, webp), has none`
 */
export async function imageFolder(folder: string, options: ImageFileOptions): Promise<ImageDataset> {
  const { imageShape, onError = "skip", name = basename(resolve(folder)) } = options;
  const found = await list(folder);
  const classNames = found.filter(({ isFolder }) => isFolder).map((entry) => entry.name);
  requireFound(classNames, `${folder} must hold one folder per class`);
  const paths: string[] = [];
  const labels: number[] = [];
  for (const [label, classFolder] of classNames.entries()) {
    const own = await imagesIn(join(folder, classFolder));
    requireFound(own, `${join(folder, classFolder)} must hold images (${imageExtensions.join(", ")})`);
    for (const path of own.sort(byCodeUnits)) {
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

async function imagesIn(folder: string): Promise<string[]> {
  const entries = await list(folder);
  const inside = await Promise.all(
    entries.map(async ({ name, isFolder }) => {
      if (isFolder) return imagesIn(join(folder, name));
      return isImageName(name) ? [join(folder, name)] : [];
    }),
  );
  return inside.flat();
}

/** What is in a folder, sorted, links followed; hidden entries are left out. */
async function list(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`imageFolder: ${folder} must be a folder that can be read, got ${cause.code}`, { cause });
  });
  const shown = entries.filter(({ name }) => !name.startsWith(".")).sort((a, b) => byCodeUnits(a.name, b.name));
  return Promise.all(
    shown.map(async (entry) => ({
      name: entry.name,
      isFolder: entry.isSymbolicLink() ? (await stat(join(folder, entry.name))).isDirectory() : entry.isDirectory(),
    })),
  );
}
