import { createHash } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cifarData } from "../../src/data/cards/cifarData.js";
import { folderData } from "../../src/data/cards/folderData.js";
import { stlData } from "../../src/data/cards/stlData.js";
import type { CifarCard, FolderCard, StlCard } from "../../src/data/files/card.js";
import { tarOf } from "../../src/data/files/writeTar.js";
import {
  cardNames,
  cifar10,
  cifar100,
  dataFolder,
  type ImageDataset,
  imagenette,
  mnist,
  readCard,
  stl10,
  tinyImagenet,
} from "../../src/data/index.js";
import { cardOf, channelMeans, cifarRecords, countsOf, downloadFrom, place, realArchive } from "./cardOf.js";
import { useMirror } from "./server.js";
import { realData, useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
const mirror = useMirror();
beforeEach(async () => void vi.stubEnv("KONTRAST_DATA_DIR", await newFolder()));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** All images of a data set. */
const readAll = ({ size, read }: ImageDataset) => read(Int32Array.from({ length: size }, (_, at) => at));

describe("cards", () => {
  test("state addresses, checksums, licence, citation and splits", async () => {
    const names = await cardNames();
    expect(names).toEqual(["cifar-10", "cifar-100", "fashion-mnist", "imagenette", "mnist", "stl-10", "tiny-imagenet"]);
    for (const name of names) {
      const card = await readCard(name);
      expect(card.name).toBe(name);
      for (const text of [card.title, card.summary, card.licence, card.citation])
        expect(text.length).toBeGreaterThan(2);
      for (const file of card.files) {
        expect(file.address).toMatch(/^https?:\/\/.+\.(gz|tgz|zip)$/);
        expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(file.bytes).toBeGreaterThan(1000);
      }
      expect(Object.keys(card.splits)).toContain("train");
      if (card.format !== "folder") expect(new Set(card.classes).size).toBe(name === "cifar-100" ? 100 : 10);
    }
  });

  test.each([
    ["cifar10", "cifar-10"],
    ["Tiny ImageNet", "tiny-imagenet"],
    ["stl", "stl-10"],
  ])("%s suggests %s", async (given, nearest) => {
    await expect(readCard(given)).rejects.toThrow(`got "${given}"; did you mean ${nearest}?`);
  });

  test.each([
    [cifar10, "cifar10", "cifar-10", "cifar-10-binary.tar.gz"],
    [cifar100, "cifar100", "cifar-100", "cifar-100-binary.tar.gz"],
    [stl10, "stl10", "stl-10", "stl10_binary.tar.gz"],
    [tinyImagenet, "tinyImagenet", "tiny-imagenet", "tiny-imagenet-200.zip"],
    [imagenette, "imagenette", "imagenette", "imagenette2-160.tgz"],
    [mnist, "mnist", "mnist", "train-images-idx3-ubyte.gz"],
  ] as const)("what is not there says how to get it: %o", async (load, caller, name, file) => {
    await expect(load()).rejects.toThrow(
      `${caller}: ${dataFolder(name)}/${file} is not there; \`npx kontrast data get ${name}\` downloads it`,
    );
    await expect((load as typeof mnist)({ split: "dev" as "test" })).rejects.toThrow(/split must be one of "train"/);
  });
});

test("MNIST: all images of the real files", async () => {
  vi.stubEnv("KONTRAST_DATA_DIR", realData);
  const [train, held] = [await mnist(), await mnist({ split: "test" })];
  expect([train.size, held.size, ...train.imageShape]).toEqual([60000, 10000, 28, 28, 1]);
  expect(countsOf(train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]); // published
  expect(countsOf(held.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  expect(train.images.reduce((sum, value) => sum + value, 0) / train.images.length / 255).toBeCloseTo(0.1307, 4);
});

describe("CIFAR-10: 5,000 of the official records", () => {
  const { archive, splits, card } = cifarRecords;

  test("downloaded, unpacked once, read", async () => {
    const { address } = await mirror(undefined, dirname(archive));
    await downloadFrom(address, await card());
    const train = await cifarData("cifar10", await card(), {});
    const held = await cifarData("cifar10", await card(), { split: "test" });
    expect(countsOf(train.labels)).toEqual([396, 366, 420, 384, 422, 393, 414, 385, 407, 413]);
    expect(countsOf(held.labels)).toEqual([103, 89, 100, 103, 90, 86, 112, 102, 106, 109]);
    expect(train.classNames[train.labels[0] as number]).toBe("frog");
    const red = Array.from({ length: 8 }, (_, at) => train.images[at * 3]);
    expect(red).toEqual([59, 43, 50, 68, 98, 119, 139, 145]); // published values of the first image
    expect([3071 - 6, 3071 - 3, 3071].map((at) => train.images[at])).toEqual([140, 84, 72]);
    expect((await readdir(dataFolder("cifar-10"))).sort()).toEqual([
      expect.stringMatching(/^cifar-10-binary-5k-[0-9a-f]{8}\.tar$/),
      expect.stringMatching(/^cifar-10-binary-5k-[0-9a-f]{8}\.tar\.json$/),
      "cifar-10-binary-5k.tar.gz",
    ]);
    expect((await cifarData("cifar10", await card(), { limit: 3 })).images).toEqual(train.images.subarray(0, 3 * 3072));
  });

  test("names what does not fit the card", async () => {
    await place(await card(), archive);
    const wrong = { splits: { ...splits, train: { ...splits.train, items: 50000 } } };
    await expect(cifarData("cifar10", await card(wrong), {})).rejects.toThrow(
      /^cifar10: train in .*-5k-[0-9a-f]{8}\.tar must have 50000 images, has 4000$/,
    );
    const missing = { splits: { train: { items: 4000, members: ["data_batch_2.bin"] } } };
    await expect(cifarData("cifar10", await card(missing), {})).rejects.toThrow(/has no member data_batch_2\.bin$/);
    await expect(cifarData("cifar10", await card({ labels: ["coarse", "fine"] }), {})).rejects.toThrow(
      /data_batch_1\.bin in .*\.tar must have a multiple of 3074 bytes, has 12292000$/,
    );
    await expect(cifarData("cifar10", await card({ classes: ["a", "b"] }), {})).rejects.toThrow(
      "cifar10: cifar-10 must hold fine labels below 2, holds",
    );
  });
});

test("CIFAR-100: fine and coarse labels", async () => {
  const record = (coarse: number, fine: number) =>
    Buffer.concat([Buffer.from([coarse, fine]), Buffer.alloc(3072, fine)]);
  const train = Buffer.concat([record(4, 0), record(1, 1), record(19, 99)]);
  const archive = await write("cifar-100-small.tar.gz", gzipSync(tarOf({ "c/train.bin": train })));
  const card = await cardOf<CifarCard>("cifar-100", archive, {
    splits: { train: { items: 3, members: ["c/train.bin"] } },
  });
  await place(card, archive);
  const [fine, coarse] = [
    await cifarData("cifar100", card, {}),
    await cifarData("cifar100", card, { labels: "coarse" }),
  ];
  expect([...fine.labels].map((label) => fine.classNames[label])).toEqual(["apple", "aquarium_fish", "worm"]);
  expect([...coarse.labels].map((label) => coarse.classNames[label])).toEqual([
    "fruit_and_vegetables",
    "fish",
    "vehicles_2",
  ]);
  expect(Array.from(fine.factors?.["coarse"] ?? [])).toEqual([4, 1, 19]);
  await expect(cifarData("cifar100", card, { labels: "fin" })).rejects.toThrow(
    'cifar100: labels must be one of "coarse", "fine", got "fin"',
  );
});

describe("STL-10's format", () => {
  const extent = 96 * 96 * 3;
  const image = (seed: number) => Buffer.from(Array.from({ length: extent }, (_, at) => (at * 7 + seed) % 256));

  async function small(labels: number[]): Promise<StlCard> {
    const images = Buffer.concat([image(1), image(2)]);
    const files = { "s/train_X.bin": images, "s/train_y.bin": Buffer.from(labels), "s/unlabeled_X.bin": image(3) };
    const archive = await write("stl-small.tar.gz", gzipSync(tarOf(files)));
    const card = await cardOf<StlCard>("stl-10", archive, {
      splits: {
        train: { items: 2, images: "s/train_X.bin", labels: "s/train_y.bin" },
        unlabeled: { items: 1, images: "s/unlabeled_X.bin" },
      },
    });
    await place(card, archive);
    return card;
  }

  test("planes of columns become rows of pixels", async () => {
    const data = await stlData("stl10", await small([10, 1]), {});
    expect([...data.labels].map((label) => data.classNames[label])).toEqual(["truck", "airplane"]);
    const { bytes, places } = await data.read(Int32Array.of(1, 0, 1));
    expect([...places]).toEqual([0, 1, 2]);
    const at = (row: number, column: number, channel: number) => bytes[extent + (row * 96 + column) * 3 + channel];
    for (const [row, column, channel] of [
      [0, 0, 0],
      [5, 0, 0],
      [0, 5, 0],
      [95, 94, 2],
    ] as const) {
      expect(at(row, column, channel)).toBe(image(1)[channel * 9216 + column * 96 + row]);
    }
  });

  test("the unlabeled split: label −1, each its own group", async () => {
    const data = await stlData("stl10", await small([1, 2]), { split: "unlabeled" });
    expect([data.size, data.labels[0], data.groups[0]]).toEqual([1, -1, 0]);
    expect((await readAll(data)).bytes).toHaveLength(extent);
  });

  test("labels from 1", async () => {
    await expect(stlData("stl10", await small([0, 1]), {})).rejects.toThrow(/must hold labels from 1 to 10, holds 0$/);
  });
});

describe("Tiny ImageNet: 10 of the 200 classes", () => {
  const archive = realArchive("tiny-imagenet-10", "tiny-imagenet-10.tar.gz");
  const root = "tiny-imagenet-10";
  const changes = {
    words: `${root}/words.txt`,
    splits: {
      train: { items: 5000, folder: `${root}/train` },
      val: { items: 500, folder: `${root}/val`, annotations: `${root}/val/val_annotations.txt` },
    },
  };

  test("all images, with their classes", async () => {
    const card = await cardOf<FolderCard>("tiny-imagenet", archive, changes);
    await downloadFrom((await mirror(undefined, dirname(archive))).address, card);
    for (const [split, each] of [
      ["train", 500],
      ["val", 50],
    ] as const) {
      const data = await folderData("tinyImagenet", card, { split, onError: "throw" });
      expect(countsOf(data.labels)).toEqual(new Array(10).fill(each));
      expect(data.classNames.slice(0, 3)).toEqual(["goldfish", "king penguin", "Egyptian cat"]);
      const { bytes, places } = await readAll(data);
      expect([...places]).toEqual([...places.keys()]);
      expect(bytes).toHaveLength(data.size * 64 * 64 * 3);
      expect(data.unreadable).toEqual([]);
    }
  });

  test("from a zip file, too, whatever the names in it", async () => {
    const zip = join(await newFolder(), "tiny.zip");
    await zipped(zip, archive, "val");
    const card = await cardOf<FolderCard>("tiny-imagenet", zip, {
      ...changes,
      classFolders: [
        "n01443537",
        "n02056570",
        "n02124075",
        "n02504458",
        "n04146614",
        "n04285008",
        "n04398044",
        "n07749582",
        "n07873807",
        "n09428293",
      ],
      splits: { train: { ...changes.splits.val, annotations: `${root}/val/val_annotations.txt` } },
    });
    await place(card, zip);
    const fromZip = await folderData("tinyImagenet", card, {});
    const whole = await cardOf<FolderCard>("tiny-imagenet", archive, changes);
    await place(whole, archive);
    const fromTar = await folderData("tinyImagenet", whole, { split: "val" });
    expect(digest((await readAll(fromZip)).bytes)).toBe(digest((await readAll(fromTar)).bytes));
    expect(fromZip.labels).toEqual(fromTar.labels);
  });

  test("names an image whose class is not known", async () => {
    const card = await cardOf<FolderCard>("tiny-imagenet", archive, {
      ...changes,
      classFolders: ["n01443537"],
      classes: ["goldfish"],
    });
    await place(card, archive);
    await expect(folderData("tinyImagenet", card, {})).rejects.toThrow(
      /^tinyImagenet: the folder in .* must name the class of tiny-imagenet-10\/train\/n\d+\/images\/.*, one of n01443537$/,
    );
  });
});

test("CIFAR-10 re-encoded as JPEG: all 60,000 images", async () => {
  const archive = realArchive("cifar10-jpeg60k", "cifar10-jpeg60k.tar.gz");
  const { classes } = await readCard("cifar-10");
  const splits = {
    train: { items: 50000, folder: "cifar10-jpeg60k/train" },
    test: { items: 10000, folder: "cifar10-jpeg60k/test" },
  };
  const card = await cardOf<FolderCard>("imagenette", archive, {
    classes,
    classFolders: classes,
    splits,
    imageShape: [32, 32, 3],
  });
  await place(card, archive);
  const train = await folderData("jpeg60k", card, { onError: "throw" });
  expect(countsOf(train.labels)).toEqual(new Array(10).fill(5000));
  const means = channelMeans((await readAll(train)).bytes);
  expect(means[0]).toBeCloseTo(0.4913, 4); // as the re-encoded set's description has them
  expect(means[1]).toBeCloseTo(0.4821, 4);
  expect(means[2]).toBeCloseTo(0.4465, 4);
  const held = await folderData("jpeg60k", card, { split: "test", onError: "throw" });
  expect((await readAll(held)).bytes).toHaveLength(10000 * 3072);
});

async function write(name: string, contents: Buffer): Promise<string> {
  const path = join(await newFolder(), name);
  await writeFile(path, contents);
  return path;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Packs a folder of a tar archive, and its list of words, as a zip file. */
async function zipped(zip: string, archive: string, folder: string): Promise<void> {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const program = `import sys, tarfile, zipfile
with tarfile.open(sys.argv[2]) as tar, zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as zip:
    for member in tar:
        if "/${folder}/" in member.name or member.name.endswith("words.txt"):
            zip.writestr(member.name, tar.extractfile(member).read())
    zip.mkdir("empty") if hasattr(zip, "mkdir") else zip.writestr("empty/", "")`;
  await promisify(execFile)("/usr/bin/python3", ["-c", program, zip, archive]);
}
