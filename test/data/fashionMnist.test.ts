import { copyFile, mkdir, open, readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { idxData } from "../../src/data/cards/idxData.js";
import type { IdxCard } from "../../src/data/files/card.js";
import { dataFolder, fashionMnist, isAtHand, readCard, verifyFiles } from "../../src/data/index.js";
import { realData, useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
beforeEach(() => void vi.stubEnv("KONTRAST_DATA_DIR", realData));
afterEach(() => void vi.unstubAllEnvs());

describe("the real files", () => {
  test("train", async () => {
    const data = await fashionMnist();
    expect([data.size, ...data.imageShape]).toEqual([60000, 28, 28, 1]);
    expect(data.images.length).toBe(60000 * 28 * 28);
    expect(Array.from(data.labels.subarray(0, 8))).toEqual([9, 0, 0, 3, 0, 2, 7, 2]);
    expect(countOf(data.labels)).toEqual(new Array(10).fill(6000));
    expect(data.classNames[9]).toBe("Ankle boot");
    expect(data.images.reduce((sum, value) => sum + value, 0) / data.images.length / 255).toBeCloseTo(0.286, 3); // published
  });

  test("test", async () => {
    const data = await fashionMnist({ split: "test" });
    expect(data.size).toBe(10000);
    expect(Array.from(data.labels.subarray(0, 8))).toEqual([9, 2, 1, 1, 6, 1, 4, 6]);
    expect(countOf(data.labels)).toEqual(new Array(10).fill(1000));
  });

  test("a limit takes the first items", async () => {
    const [few, all] = [await fashionMnist({ split: "test", limit: 7 }), await fashionMnist({ split: "test" })];
    expect(few.size).toBe(7);
    expect(few.images).toEqual(all.images.slice(0, 7 * 784));
    expect(Array.from(few.ids)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("are at hand and verified", async () => {
    expect(await isAtHand("fashion-mnist")).toBe(true);
    expect((await verifyFiles("fashion-mnist")).map(({ problem }) => problem)).toEqual(new Array(4).fill(undefined));
  });
});

describe("a folder that is not right", () => {
  const wayOut = "`npx kontrast data get fashion-mnist` downloads it";

  async function copy(): Promise<string> {
    const root = await newFolder();
    vi.stubEnv("KONTRAST_DATA_DIR", root);
    const folder = dataFolder("fashion-mnist");
    await mkdir(folder);
    for (const name of await readdir(join(realData, "fashion-mnist"))) {
      if (name.startsWith("t10k")) await copyFile(join(realData, "fashion-mnist", name), join(folder, name));
    }
    return folder;
  }

  const message = async (split: "train" | "test") =>
    ((await fashionMnist({ split }).catch((thrown: Error) => thrown)) as Error).message;

  test("a missing file", async () => {
    const folder = await copy();
    expect(await isAtHand("fashion-mnist")).toBe(false);
    expect(await message("train")).toBe(`fashionMnist: ${folder}/train-images-idx3-ubyte.gz is not there; ${wayOut}`);
  });

  test("a truncated file", async () => {
    const path = join(await copy(), "t10k-images-idx3-ubyte.gz");
    await makeWritable(path, () => truncate(path, 1000));
    expect(await message("test")).toBe(`fashionMnist: ${path} must have 4422102 bytes, has 1000; ${wayOut}`);
  });

  test("a wrong sha256", async () => {
    const path = join(await copy(), "t10k-labels-idx1-ubyte.gz");
    await makeWritable(path, async () => {
      const file = await open(path, "r+");
      await file.write(Buffer.from([1, 2, 3]), 0, 3, 2000);
      await file.close();
    });
    const expected = "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5";
    expect(await message("test")).toMatch(
      new RegExp(`^fashionMnist: ${path} must have the sha256 ${expected}, has [0-9a-f]{64}; ${wayOut}$`),
    );
  });
});

test("without KONTRAST_DATA_DIR the user's cache folder is meant", () => {
  vi.stubEnv("KONTRAST_DATA_DIR", "");
  vi.stubEnv("XDG_CACHE_HOME", "/somewhere");
  expect(dataFolder("fashion-mnist")).toBe("/somewhere/kontrast/fashion-mnist");
  vi.stubEnv("XDG_CACHE_HOME", "");
  vi.stubEnv("HOME", "/home/ada");
  expect(dataFolder("fashion-mnist")).toBe("/home/ada/.cache/kontrast/fashion-mnist");
});

test("as many images as the card states", async () => {
  const card = (await readCard("fashion-mnist")) as IdxCard;
  const { train, test: held } = card.splits;
  const splits = { train: train as IdxCard["splits"][string], test: { ...(held as typeof train), items: 9999 } };
  const wrong = { ...card, splits } as IdxCard;
  await expect(idxData("fashionMnist", wrong, { split: "test" })).rejects.toThrow(
    `fashionMnist: test in ${realData}/fashion-mnist/t10k-images-idx3-ubyte.gz must have 9999 images, has 10000`,
  );
});

test("rejects options that make no sense", async () => {
  await expect(fashionMnist({ split: "validation" as "test" })).rejects.toThrow(
    'fashionMnist: split must be one of "train", "test", got "validation"',
  );
  await expect(fashionMnist({ limit: 0 })).rejects.toThrow("fashionMnist: limit must be an integer >= 1, got 0");
  await expect(isAtHand("imagenet")).rejects.toThrow(
    'data: name must be one of cifar-10, cifar-100, fashion-mnist, imagenette, mnist, stl-10, tiny-imagenet, got "imagenet"; did you mean imagenette?',
  );
});

function countOf(labels: Int32Array): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** The shared files are read-only, and so are their copies. */
async function makeWritable(path: string, change: () => Promise<void>): Promise<void> {
  const { chmod } = await import("node:fs/promises");
  await chmod(path, 0o644);
  await change();
}
