import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { expandBraces } from "../../src/data/files/expandBraces.js";
import { tarMembers } from "../../src/data/files/tar.js";
import { tarOf } from "../../src/data/files/writeTar.js";
import { dataFolder, imageFolder, webDataset } from "../../src/data/index.js";
import { realJpegs, writeShard } from "./shards.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
const kept = useTemporaryFolders("all");
const imageShape = [64, 64, 3] as const;
let source = "";
let images: Awaited<ReturnType<typeof realJpegs>>;
beforeAll(async () => {
  source = await kept();
  images = await realJpegs(source, 20);
});
beforeEach(async () => void vi.stubEnv("KONTRAST_DATA_DIR", await newFolder()));
afterEach(() => void vi.unstubAllEnvs());

/** Four shards of 50 real images. */
async function shards(): Promise<string> {
  const folder = await newFolder();
  for (let shard = 0; shard < 4; shard++) {
    const own = images.slice(shard * 50, (shard + 1) * 50);
    const samples = own.map(({ bytes, label }) => ({ jpg: bytes, cls: `${label}\n` }));
    await writeShard(join(folder, `train-000${shard}.tar`), samples, shard * 50);
  }
  return join(folder, "train-{0000..0003}.tar");
}

describe("four shards of real JPEG images", () => {
  test("every image at its place, in any order", async () => {
    const data = await webDataset(await shards(), { imageShape });
    expect(data.size).toBe(200);
    expect([...data.labels]).toEqual(images.map(({ label }) => label));
    expect(data.classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    const folder = await imageFolder(join(source, "tiny-imagenet-10", "train"), { imageShape });
    const order = Int32Array.from({ length: 200 }, (_, at) => (at * 77) % 200);
    const names = order.map((at) => Math.floor(at / 20) * 500 + (at % 20)); // the folder has 500 of each class
    const [own, expected] = [await data.read(order), await folder.read(names)];
    expect([...own.places]).toEqual([...order.keys()]);
    expect(Buffer.compare(own.bytes, expected.bytes)).toBe(0);
  });

  test("the index is made once, and again for a shard that has changed", async () => {
    const pattern = await shards();
    await webDataset(pattern, { imageShape });
    const index = dataFolder("index");
    const names = await readdir(index);
    expect(names).toHaveLength(4);
    const place = join(index, names[1] as string);
    const before = await stat(place);
    const text = JSON.parse(await readFile(place, "utf8"));
    expect(text.content.keys.slice(0, 2)).toEqual(["00050", "00051"]);
    await webDataset(pattern, { imageShape });
    expect((await stat(place)).mtimeMs).toBe(before.mtimeMs);

    const path = pattern.replace("{0000..0003}", "0001");
    await writeShard(path, [{ jpg: (images[0] as { bytes: Buffer }).bytes, cls: "7" }]);
    const changed = await webDataset(pattern, { imageShape });
    expect([changed.size, changed.labels[50], changed.labels[51]]).toEqual([151, 7, 5]);
    await utimes(path, new Date(), new Date(0));
    await writeFile(place, "{ not JSON");
    expect((await webDataset(pattern, { imageShape })).size).toBe(151);
  });

  test("a shard cut in the middle, within a file or between two", async () => {
    const pattern = await shards();
    const path = pattern.replace("{0000..0003}", "0002");
    const [, , third] = await tarMembers(path);
    const cut = async (bytes: number) => {
      await truncate(path, bytes);
      return ((await webDataset(pattern, { imageShape }).catch((error) => error)) as Error).message;
    };
    expect(await cut(60_000)).toMatch(
      new RegExp(`^webDataset: ${path} ends without an end mark after \\d+ files \\(60000 bytes\\)`),
    );
    const within = (third as { offset: number }).offset + 100;
    expect(await cut(within)).toMatch(
      new RegExp(
        `^webDataset: ${path} ends within its member 00101\\.jpg \\(needs \\d+ bytes, has ${within}\\); get or write it again$`,
      ),
    );
  });

  test("a shard cut after it was opened is an error that names it", async () => {
    const pattern = await shards();
    const data = await webDataset(pattern, { imageShape });
    const path = pattern.replace("{0000..0003}", "0003");
    await truncate(path, 10_000);
    expect([...(await data.read(Int32Array.of(0))).places]).toEqual([0]);
    await expect(data.read(Int32Array.of(0, 199))).rejects.toThrow(
      `webDataset: ${path} has changed since it was opened; open the data set again`,
    );
  });

  test("a shard replaced by rename after it was read: its new images are read", async () => {
    const folder = await newFolder();
    const path = join(folder, "a.tar");
    const [first, second] = await Promise.all(
      ["#f00", "#00f"].map((background) =>
        sharp({ create: { width: 64, height: 64, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const pixel = async () => {
      const data = await webDataset(path, { imageShape, onError: "throw" });
      return [...(await data.read(Int32Array.of(0))).bytes.subarray(0, 3)];
    };
    await writeShard(path, [{ png: first as Buffer }]);
    for (let again = 0; again < 8; again++) expect(await pixel()).toEqual([255, 0, 0]); // by each of the threads
    const before = await webDataset(path, { imageShape });
    await writeShard(`${path}.new`, [{ png: second as Buffer }]);
    await rename(`${path}.new`, path);
    await expect(before.read(Int32Array.of(0))).rejects.toThrow(
      `webDataset: ${path} has changed since it was opened; open the data set again`,
    );
    for (let again = 0; again < 8; again++) expect(await pixel()).toEqual([0, 0, 255]);
  });

  test("a shard that is gone is an error that names it, not an unreadable image", async () => {
    const pattern = await shards();
    const data = await webDataset(pattern, { imageShape });
    const path = pattern.replace("{0000..0003}", "0003");
    await data.read(Int32Array.of(199));
    await rm(path);
    await expect(data.read(Int32Array.of(0, 199))).rejects.toThrow(
      `webDataset: ${path} is not there any more; open the data set again`,
    );
    expect(data.unreadable).toEqual([]);
  });

  test("missing shards, and what is no shard", async () => {
    const pattern = (await shards()).replace("3}", "4}");
    const missing = pattern.replace("{0000..0004}", "0004");
    await expect(webDataset(pattern, { imageShape })).rejects.toThrow(`webDataset: ${missing} is not there`);
    await writeFile(missing, Buffer.alloc(2000, 7));
    await expect(webDataset(pattern, { imageShape })).rejects.toThrow(
      `webDataset: ${missing} is no tar archive (no valid header at byte 0)`,
    );
    await writeFile(missing, "not much");
    await expect(webDataset(pattern, { imageShape })).rejects.toThrow(
      `webDataset: ${missing} is no tar archive (8 bytes, of which a header alone has 512)`,
    );
    await writeFile(missing, gzipSync(Buffer.alloc(2000)));
    await expect(webDataset(pattern, { imageShape })).rejects.toThrow(
      `webDataset: ${missing} is packed with gzip, within which nothing can be found at random; unpack it with gunzip`,
    );
    await rm(missing);
    await mkdir(missing);
    await expect(webDataset(pattern, { imageShape })).rejects.toThrow(
      `webDataset: ${missing} must be a file that can be read, got EISDIR`,
    );
    await rm(missing, { recursive: true });
    await writeFile(missing, tarOf({ "readme.txt": Buffer.from("nothing") }));
    await expect(webDataset(missing, { imageShape })).rejects.toThrow(
      `webDataset: ${missing} must hold images, has none`,
    );
    await expect(webDataset([], { imageShape })).rejects.toThrow("webDataset: shards must name one or more files");
  });
});

describe("labels", () => {
  const one = () => (images[0] as { bytes: Buffer }).bytes;
  async function load(samples: Parameters<typeof writeShard>[1], options: object = {}) {
    const path = join(await newFolder(), "a.tar");
    await writeShard(path, samples);
    return webDataset(path, { imageShape, ...options });
  }

  test("from .json, or none at all", async () => {
    const data = await load([
      { jpg: one(), json: '{"label": 3}' },
      { jpg: one(), json: '{"label": 0, "x": "y"}' },
    ]);
    expect([...data.labels]).toEqual([3, 0]);
    const unlabeled = await load([{ jpg: one() }, { png: one(), json: "{}" }]);
    expect([...unlabeled.labels]).toEqual([-1, -1]);
    expect([...unlabeled.groups]).toEqual([0, 1]);
    expect(unlabeled.name).toBe("a");
  });

  test("missing ones are an error, unless none are wanted", async () => {
    const samples = [{ jpg: one(), cls: "1" }, { jpg: one() }];
    await expect(load(samples)).rejects.toThrow(
      /^webDataset: 1 of 2 samples have no label, such as 00001 in .*a\.tar; give each one, or pass labels: false to take all as unlabeled$/,
    );
    expect([...(await load(samples, { labels: false })).labels]).toEqual([-1, -1]);
  });

  test("wrong ones say where", async () => {
    await expect(load([{ jpg: one(), cls: "cat" }])).rejects.toThrow(
      /a\.tar must have an integer from -1 to 2147483647 in 00000\.cls, has "cat"; labels: false takes all as unlabeled$/,
    );
    await expect(load([{ jpg: one(), cls: "" }])).rejects.toThrow(/has "";/);
    for (const json of ["{", "null", "[3]"]) {
      await expect(load([{ jpg: one(), json }])).rejects.toThrow(
        `a.tar must have an object of JSON in 00000.json, has ${JSON.stringify(json)}; labels: false`,
      );
    }
    await expect(load([{ jpg: one(), json: '{"label": "cat"}' }])).rejects.toThrow(
      /integer from -1 to 2147483647 in 00000\.json/,
    );
  });

  test("are not looked at where none are wanted", async () => {
    const data = await load([{ jpg: one(), cls: "cat" }, { jpg: one() }], { labels: false });
    expect([...data.labels]).toEqual([-1, -1]);
    expect(data.classNames).toEqual([]);
  });

  test("hidden files between those of a sample are left out", async () => {
    const path = join(await newFolder(), "mac.tar");
    const files: Record<string, Uint8Array> = { ".DS_Store": Buffer.from("x") };
    for (const [at, key] of ["a/0000", "a/0001"].entries()) {
      files[key.replace("/", "/._").concat(".cls")] = Buffer.from("junk");
      files[`${key}.cls`] = Buffer.from(String(at));
      files[key.replace("/", "/._").concat(".jpg")] = Buffer.from("junk");
      files[`${key}.jpg`] = one();
    }
    await writeFile(path, tarOf(files));
    const data = await webDataset(path, { imageShape });
    expect([...data.labels]).toEqual([0, 1]);
    await data.read(Int32Array.of(0, 1));
    expect(data.unreadable).toEqual([]);
  });

  test("apart from their images are an error", async () => {
    const path = join(await newFolder(), "apart.tar");
    await writeFile(
      path,
      tarOf({ "0.cls": Buffer.from("3"), "1.cls": Buffer.from("4"), "0.jpg": one(), "1.jpg": one() }),
    );
    await expect(webDataset(path, { imageShape })).rejects.toThrow(
      `webDataset: ${path} has 0.cls apart from the image of its sample; write the shard again with its files sorted by name`,
    );
  });

  test.each(["4294967296", "2147483648", "-2", "1.5", "1e99"])("%s is none", async (cls) => {
    await expect(load([{ jpg: one(), cls }])).rejects.toThrow(
      `must have an integer from -1 to 2147483647 in 00000.cls, has "${cls}"`,
    );
    await expect(load([{ jpg: one(), json: `{"label": ${cls}}` }])).rejects.toThrow(/ in 00000\.json, has "/);
  });

  test("must be among the class names, and few enough to be named", async () => {
    const samples = [
      { jpg: one(), cls: "1" },
      { jpg: one(), cls: "1000000000" },
    ];
    const wayOut = "number labels from 0, or name them all with classNames";
    await expect(load(samples)).rejects.toThrow(
      new RegExp(
        `^webDataset: the label of 00001 in .*a\\.tar must be below 1000000 where classNames are not given, is 1000000000; ${wayOut}$`,
      ),
    );
    await expect(load(samples.slice(0, 1), { classNames: ["cat"] })).rejects.toThrow(
      /the label of 00000 in .* must be below 1, the number of class names, is 1; /,
    );
    expect((await load(samples, { labels: false })).classNames).toEqual([]);
    expect([...(await load([{ jpg: one(), cls: "-1" }])).labels]).toEqual([-1]);
  });

  test("two files of one key and extension", async () => {
    const path = join(await newFolder(), "a.tar");
    const [a, b] = ["0.jpg", "0.JPG"].map((name) => tarOf({ [name]: one() }));
    const twice = (...parts: (Buffer | undefined)[]) =>
      writeFile(path, Buffer.concat([...parts.map((part) => part?.subarray(0, -1024) as Buffer), Buffer.alloc(1024)]));
    await twice(a, a);
    await expect(webDataset(path, { imageShape })).rejects.toThrow(
      `webDataset: ${path} has two files 0.jpg, of which a sample can have one; write the shard again`,
    );
    await twice(a, b);
    await expect(webDataset(path, { imageShape })).rejects.toThrow(`${path} has both 0.jpg and 0.JPG, of which`);
  });

  test("several images of one sample", async () => {
    const samples = [{ jpg: one(), png: one(), cls: "0" }];
    await expect(load(samples)).rejects.toThrow(
      /a\.tar has two images for the key 00000, jpg and png; name one, such as image: "jpg"$/,
    );
    expect((await load(samples, { image: "png" })).size).toBe(1);
  });

  test("a damaged image is skipped or an error", async () => {
    const data = await load([
      { jpg: one(), cls: "0" },
      { jpg: one().subarray(0, 900), cls: "1" },
    ]);
    expect([...(await data.read(Int32Array.of(1, 0))).places]).toEqual([-1, 1]);
    expect(data.unreadable).toHaveLength(1);
    const strict = await load([{ jpg: "no", cls: "1" }], { onError: "throw" });
    await expect(strict.read(Int32Array.of(0))).rejects.toThrow(
      /a\.tar\/00000\.jpg cannot be read \(.+\); mend or remove it/,
    );
  });
});

describe("tar archives of other programs", () => {
  test.each(["ustar", "gnu", "pax"])("%s, with long names", async (format) => {
    const folder = await newFolder();
    const long = `${"d".repeat(90)}/${"n".repeat(format === "ustar" ? 80 : 150)}.txt`;
    const program = `import io, sys, tarfile
with tarfile.open(sys.argv[1], "w", format={"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}[sys.argv[3]]) as tar:
    folder = tarfile.TarInfo("d"); folder.type = tarfile.DIRTYPE; tar.addfile(folder)
    for name in ("a.txt", sys.argv[2], "z\\u00fc.txt"):
        info = tarfile.TarInfo(name); info.size = 5; tar.addfile(info, io.BytesIO(b"hello"))`;
    const path = join(folder, "a.tar");
    await promisify(execFile)("/usr/bin/python3", ["-c", program, path, long, format]);
    const members = await tarMembers(path);
    expect(members.map(({ name }) => name)).toEqual(["a.txt", long, "zü.txt"]);
    const bytes = await readFile(path);
    for (const { offset, length } of members) expect(bytes.toString("utf8", offset, offset + length)).toBe("hello");
  });

  test("ours are read by others", async () => {
    const path = join(await newFolder(), "a.tar");
    const long = `${"ü".repeat(80)}/a.txt`;
    await writeFile(
      path,
      tarOf({ "a.txt": Buffer.from("hello"), [long]: Buffer.alloc(1000, "x"), b: Buffer.alloc(0) }),
    );
    const { stdout } = await promisify(execFile)("/usr/bin/python3", [
      "-c",
      "import sys, tarfile\nfor member in tarfile.open(sys.argv[1]): print(member.name, member.size)",
      path,
    ]);
    expect(stdout).toBe(`a.txt 5\n${long} 1000\nb 0\n`);
    expect((await tarMembers(path)).map(({ name }) => name)).toEqual(["a.txt", long, "b"]);
  });
});

test("braces expand as in a shell", () => {
  const expand = (pattern: string) => expandBraces("webDataset", pattern);
  expect(expand("a.tar")).toEqual(["a.tar"]);
  expect(expand("s-{008..011}.tar")).toEqual(["s-008.tar", "s-009.tar", "s-010.tar", "s-011.tar"]);
  expect(expand("{a,b}/{0..1}")).toEqual(["a/0", "a/1", "b/0", "b/1"]);
  expect(expand("{3..1}")).toEqual(["3", "2", "1"]);
  expect(() => expand("s-{0000}.tar")).toThrow(
    "webDataset: braces must hold a range such as {0000..0099} or a list such as {a,b}, got {0000}",
  );
});
