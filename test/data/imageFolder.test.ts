import { execFile, spawn } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { type ImageDataset, imageFolder } from "../../src/data/index.js";
import { realArchive } from "./cardOf.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
const kept = useTemporaryFolders("all");
let tiny = "";
let emoji = "";
beforeAll(async () => {
  tiny = await unpacked("tiny-imagenet-10", "tiny-imagenet-10.tar.gz");
  emoji = await unpacked("emojione-image-text", "emojione-2.2.7-64px.tar.gz");
});

async function unpacked(...path: string[]): Promise<string> {
  const folder = await kept();
  await promisify(execFile)("tar", ["xzf", realArchive(...path), "-C", folder]);
  return folder;
}

/** What torchvision makes of some files. */
async function reference(files: readonly string[], size: number | null, mode = "RGB"): Promise<Buffer> {
  const script = new URL("pixels.py", import.meta.url).pathname;
  const child = spawn("/usr/bin/python3", ["-B", script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ files, size, mode }));
  return buffer(child.stdout);
}

const readAll = ({ size, read }: ImageDataset) => read(Int32Array.from({ length: size }, (_, at) => at));

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => join(folder, name));
}

describe("pixels beside torchvision's (Pillow 9.4, libjpeg-turbo 2.1)", () => {
  const train = () => join(tiny, "tiny-imagenet-10", "train");

  test.each([
    ["as they are", 64, null, "RGB"],
    ["reduced", 40, 40, "RGB"],
    ["enlarged", 100, 100, "RGB"],
    ["as gray", 64, null, "L"],
  ] as const)("500 JPEG images %s: the same to the last bit", async (_, side, size, mode) => {
    const data = await imageFolder(train(), { imageShape: [side, side, mode === "L" ? 1 : 3] });
    const positions = Int32Array.from({ length: 500 }, (__, at) => at * 10);
    const files = await filesOf(train());
    const { bytes } = await data.read(positions);
    const expected = await reference(
      Array.from(positions, (position) => files[position] as string),
      size,
      mode,
    );
    expect(Buffer.compare(bytes, expected)).toBe(0);
  });

  test("1,820 PNG images with palettes, alpha and gray: the same", async () => {
    const folder = join(emoji, "emojione");
    const data = await imageFolder(folder, { imageShape: [64, 64, 3] });
    const { bytes } = await readAll(data);
    expect(data.size).toBe(1820);
    expect(Buffer.compare(bytes, await reference(await filesOf(folder), null))).toBe(0);
  });

  test("other kinds: tall and wide, gray, four colors, turned by EXIF, with a profile, WebP, palettes", async () => {
    const folder = join(await newFolder(), "own");
    await mkdir(join(folder, "a"), { recursive: true });
    const program = `import sys, numpy
from PIL import Image, ImageCms
y, x = numpy.mgrid[0:90, 0:121]
a = numpy.stack([x * 2, y * 2, x + y], 2).astype("uint8")
i, f = Image.fromarray(a), sys.argv[1] + "/a/"
i.save(f + "1-wide.jpg", quality=90)
i.rotate(90, expand=True).save(f + "2-tall.jpeg", subsampling=0)
i.convert("L").save(f + "3-gray.jpg")
i.save(f + "4-progressive.JPG", progressive=True)
e = Image.Exif(); e[274] = 6
i.save(f + "5-exif.jpg", exif=e)
i.save(f + "6-lossless.webp", lossless=True)
i.save(f + "6-lossy.webp", quality=70)
i.convert("CMYK").save(f + "6-four-colors.jpg")
i.save(f + "6-profile.png", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
i.convert("RGBA").save(f + "6-alpha.webp", lossless=True)
i.convert("1").save(f + "7-bits.png")
i.convert("LA").save(f + "8-gray-alpha.png")
i.quantize(16).save(f + "9-palette.png", transparency=3)
jpeg = open(f + "1-wide.jpg", "rb").read()
scan = jpeg.index(b"\\xff\\xda")
open(f + "91-stray-bytes.jpg", "wb").write(jpeg[:scan] + b"\\1\\2\\3" + jpeg[scan:] + b"more")`;
    await promisify(execFile)("/usr/bin/python3", ["-c", program, folder]);
    const data = await imageFolder(folder, { imageShape: [48, 48, 3], onError: "throw" });
    const { bytes } = await readAll(data);
    const expected = await reference(await filesOf(folder), 48);
    const extent = 48 * 48 * 3;
    const files = (await filesOf(folder)).map((file) => basename(file));
    const different = files.filter(
      (_, at) =>
        Buffer.compare(
          bytes.subarray(at * extent, (at + 1) * extent),
          expected.subarray(at * extent, (at + 1) * extent),
        ) !== 0,
    );
    expect(different).toEqual([]);
  });
});

describe("the folder", () => {
  const jpeg = () =>
    sharp({ create: { width: 9, height: 9, channels: 3, background: "#804020" } })
      .jpeg()
      .toBuffer();

  async function folderOf(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
    const folder = await newFolder();
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  test("classes and paths sorted as Python sorts, links followed, other files left alone", async () => {
    const image = await jpeg();
    const folder = await folderOf({
      "b/2.jpg": image,
      "b/10.jpg": image,
      "B/x/1.jpeg": image,
      "b/notes.txt": "",
      "a.jpg": image,
    });
    await symlink(join(folder, "B"), join(folder, "c"));
    const data = await imageFolder(folder, { imageShape: [9, 9, 3] });
    expect(data.classNames).toEqual(["B", "b", "c"]);
    expect([...data.labels]).toEqual([0, 1, 1, 2]);
    expect([...data.groups]).toEqual([...data.labels]);
    const { places } = await data.read(Int32Array.of(3, 0, 3));
    expect([...places]).toEqual([0, 1, 0]);
  });

  test("nested folders in the order of torchvision's make_dataset", async () => {
    const names = ["1.jpg", "x/1.jpg", "x/y/1.jpg", "x-1/1.jpg", "x 2/b.jpg", "x.jpg", "y/10.jpg", "y/2.jpg"];
    // above U+FFFF, where UTF-16 and Python differ
    const all = [...names, "\u{1f600}.jpg", "\uff5e.jpg", "\u{1f600}/a.jpg", "\uff5e/a.jpg"];
    const paths = ["b", "\u{1f600}", "\uff5e"].flatMap((kind) => all.map((name) => `${kind}/${name}`));
    const shade = (gray: number) =>
      sharp(Buffer.from([gray]), { raw: { width: 1, height: 1, channels: 1 } })
        .png()
        .toBuffer();
    const images = await Promise.all(paths.map(async (path, gray) => [path, await shade(gray)] as const));
    const folder = await folderOf(Object.fromEntries(images));
    await symlink(join(folder, "b", "y"), join(folder, "b", "x", "linked"));
    const program = `import json, os, sys
root, paths = sys.argv[1], []
for kind in sorted(entry.name for entry in os.scandir(root) if entry.is_dir()):
    for folder, _, names in sorted(os.walk(os.path.join(root, kind), followlinks=True)):
        paths += [os.path.join(folder, name) for name in sorted(names)]
print(json.dumps(paths))`;
    const { stdout } = await promisify(execFile)("/usr/bin/python3", ["-c", program, folder]);
    const expected: string[] = JSON.parse(stdout);
    const data = await imageFolder(folder, { imageShape: [1, 1, 1], onError: "throw" });
    const { bytes } = await data.read(data.ids);
    const linked = (path: string) => path.replace("x/linked", "y"); // the same image again
    expect(Array.from(bytes, (gray) => `${folder}/${paths[gray]}`)).toEqual(expected.map(linked));
    expect(data.size).toBe(38);
  });

  test.each([
    ["nowhere", "gone.jpg", "ENOENT"],
    ["itself", "b.jpg", "ELOOP"],
  ])("a link that leads %s", async (_, target, code) => {
    const folder = await folderOf({ "a/1.jpg": "" });
    await symlink(target, join(folder, "a", "b.jpg"));
    await expect(imageFolder(folder, { imageShape: [9, 9, 3] })).rejects.toThrow(
      `imageFolder: ${folder}/a/b.jpg must lead to a file or folder, got ${code}; mend or remove the link`,
    );
  });

  test("images that cannot be read are skipped, counted and named", async () => {
    const image = await jpeg();
    const files = {
      "a/1.jpg": image,
      "a/2.jpg": image.subarray(0, image.length - 40),
      "a/3.png": "no image",
      "a/4.jpg": "",
    };
    const folder = await folderOf(files);
    const data = await imageFolder(folder, { imageShape: [9, 9, 3] });
    for (let epoch = 0; epoch < 2; epoch++) {
      const { places } = await data.read(Int32Array.of(1, 0, 2, 3));
      expect([...places]).toEqual([-1, 1, -1, -1]);
    }
    expect(data.unreadable).toEqual([
      // libvips keeps its words for all threads: of images that fail at once one may get another's.
      { name: `${folder}/a/2.jpg`, reason: expect.stringMatching(/premature end|unsupported|corrupt/i) },
      { name: `${folder}/a/3.png`, reason: "Input buffer contains unsupported image format" },
      { name: `${folder}/a/4.jpg`, reason: expect.stringMatching(/empty/i) },
    ]);
    const strict = await imageFolder(folder, { imageShape: [9, 9, 3], onError: "throw" });
    await expect(strict.read(Int32Array.of(0, 1))).rejects.toThrow(
      new RegExp(
        `^imageFolder: ${folder}/a/2.jpg cannot be read \\(.+\\); mend or remove it, or pass onError: "skip"$`,
      ),
    );
    await writeFile(join(folder, "a", "2.jpg"), image);
    expect([...(await data.read(Int32Array.of(1))).places]).toEqual([0]);
  });

  test("an image whose colors take as many bytes as the gray result is scaled all the same", async () => {
    const data = await imageFolder(await folderOf({ "a/1.jpg": await jpeg() }), { imageShape: [27, 9, 1] });
    const { bytes } = await data.read(Int32Array.of(0));
    expect(new Set(bytes)).toEqual(new Set([79])); // the luma of #804020, each value one color's otherwise
  });

  test("a file that is gone or must not be read is an error that names it, whatever onError says", async () => {
    const folder = await folderOf({ "a/1.jpg": await jpeg(), "a/2.jpg": await jpeg() });
    const data = await imageFolder(folder, { imageShape: [9, 9, 3] });
    await rm(join(folder, "a/2.jpg"));
    const fault = (code: string) =>
      new RegExp(`^imageFolder: ${folder}/a/2.jpg could not be read \\(${code}: .+\\); see to the file or its disk`);
    await expect(data.read(Int32Array.of(0, 1))).rejects.toThrow(fault("ENOENT"));
    await mkdir(join(folder, "a/2.jpg"));
    await expect(data.read(Int32Array.of(1))).rejects.toThrow(fault("EISDIR"));
    expect(data.unreadable).toEqual([]);
  });

  test("a pipe with the name of an image is left alone", async () => {
    const folder = await newFolder();
    await mkdir(join(folder, "cats"));
    await copyFile((await filesOf(tiny))[0] as string, join(folder, "cats", "1.jpg"));
    await promisify(execFile)("mkfifo", [join(folder, "cats", "0.png")]);
    await symlink(join(folder, "cats", "0.png"), join(folder, "cats", "2.png"));
    expect((await imageFolder(folder, { imageShape: [9, 9, 3] })).size).toBe(1);
  });

  test("what is not as it must be", async () => {
    const empty = await newFolder();
    const load = (folder: string, imageShape = [9, 9, 3]) =>
      imageFolder(folder, { imageShape: imageShape as [9, 9, 3] });
    await expect(load(empty)).rejects.toThrow(`imageFolder: ${empty} must hold one folder per class, has none`);
    await mkdir(join(empty, "cats"));
    await expect(load(empty)).rejects.toThrow(
      `imageFolder: ${empty}/cats must hold images (jpg, jpeg, png, webp), has none`,
    );
    await expect(load(join(empty, "dogs"))).rejects.toThrow(`imageFolder: ${empty}/dogs is not there`);
    await copyFile((await filesOf(tiny))[0] as string, join(empty, "cats", "1.jpg"));
    await expect(load(empty, [9, 9, 4])).rejects.toThrow(
      "imageFolder: imageShape must be height, width and 1 or 3 channels, got [9, 9, 4]",
    );
    await expect(imageFolder(empty, { imageShape: [9, 9, 3], onError: "warn" as "skip" })).rejects.toThrow(
      'imageFolder: onError must be one of "skip", "throw", got "warn"',
    );
    expect((await readFile(join(empty, "cats", "1.jpg"))).length).toBeGreaterThan(0);
  });
});
