import { open, readdir, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cifarData } from "../../src/data/cards/cifarData.js";
import type { CifarCard } from "../../src/data/files/card.js";
import * as cards from "../../src/data/files/card.js";
import { tarOf } from "../../src/data/files/writeTar.js";
import { dataFolder, download, readCard, verifyFiles } from "../../src/data/index.js";
import { cardOf, cifarRecords, place } from "./cardOf.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
beforeEach(async () => void vi.stubEnv("KONTRAST_DATA_DIR", await newFolder()));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("archives that are unpacked", () => {
  const { archive, card } = cifarRecords;

  test("two at once unpack it once", async () => {
    await place(await card(), archive);
    const both = await Promise.all([1, 2].map(async () => cifarData("cifar10", await card(), { limit: 1 })));
    expect(both.map(({ size }) => size)).toEqual([1, 1]);
    expect(await readdir(dataFolder("cifar-10"))).toHaveLength(3);
  });

  test("a damaged archive is never unpacked", async () => {
    const path = await place(await card(), archive);
    await truncate(path, 1_000_000);
    await expect(cifarData("cifar10", await card(), {})).rejects.toThrow(
      `cifar10: ${path} must have 14142746 bytes, has 1000000; \`npx kontrast data get cifar-10\` downloads it`,
    );
    expect(await readdir(dataFolder("cifar-10"))).toEqual(["cifar-10-binary-5k.tar.gz"]);
  });

  /** Unpacks it; resolves to the path of the tar file. */
  async function unpacked(): Promise<string> {
    await place(await card(), archive);
    await cifarData("cifar10", await card(), { limit: 1 });
    const names = await readdir(dataFolder("cifar-10"));
    return join(dataFolder("cifar-10"), names.find((name) => name.endsWith(".tar")) as string);
  }
  const load = async () => cifarData("cifar10", await card(), {});

  test("an unpacked archive that was cut later, or has another end, says how to mend it", async () => {
    const tar = await unpacked();
    const { size } = await stat(tar);
    await truncate(tar, 13_000_000);
    const wayOut = "delete it, and the next use unpacks it again";
    await expect(load()).rejects.toThrow(`cifar10: ${tar} must have ${size} bytes, has 13000000; ${wayOut}`);
    await writeFile(tar, Buffer.alloc(size, 7));
    await expect(load()).rejects.toThrow(`cifar10: ${tar} must end with zeros, as a tar archive does; ${wayOut}`);
    await rm(tar);
    expect((await load()).size).toBe(4000);
  });

  test("what lies in the place of an unpacked archive is not taken for it", async () => {
    const tar = await unpacked();
    await rm(`${tar}.json`);
    await writeFile(tar, "garbage");
    expect((await load()).size).toBe(4000);
    await writeFile(`${tar}.json`, "{ not JSON");
    await writeFile(tar, "garbage");
    expect((await load()).size).toBe(4000);
  });

  test("two that unpack at once, because the lock of one was taken over, both end well", async () => {
    await place(await card(), archive);
    const [path, first] = [dataFolder("cifar-10"), load()];
    while (!(await readdir(path)).some((name) => name.endsWith(".partial"))) await setTimeout(1);
    const lock = (await readdir(path)).find((name) => name.endsWith(".lock")) as string;
    await utimes(join(path, lock), new Date(0), new Date(0));
    const both = await Promise.all([first, load()]);
    expect(both.map(({ size }) => size)).toEqual([4000, 4000]);
    expect(await readdir(path)).toHaveLength(3);
  });

  test("damage in the middle of it is found by verifying, and getting it again mends it", async () => {
    const tar = await unpacked();
    const official = await readCard("cifar-10");
    const { files } = await card();
    vi.spyOn(cards, "readCard").mockResolvedValue({ ...official, files } as CifarCard);
    expect((await verifyFiles("cifar-10")).map(({ problem }) => problem)).toEqual([undefined, undefined]);
    const file = await open(tar, "r+");
    await file.write(Buffer.from([1, 2, 3]), 0, 3, 5_000_000);
    await file.close();
    const [whole, damaged] = await verifyFiles("cifar-10");
    expect(whole?.problem).toBeUndefined();
    expect(damaged).toMatchObject({
      path: tar,
      problem: expect.stringMatching(/^must have the sha256 [0-9a-f]{64}, /),
    });
    expect(await download(await card())).toMatchObject({ downloaded: [], removed: [tar] });
    expect((await load()).size).toBe(4000);
    expect((await verifyFiles("cifar-10")).map(({ problem }) => problem)).toEqual([undefined, undefined]);
  });

  test("a member whose name leads out of the folder writes nothing there", async () => {
    const files = { "../../evil.bin": Buffer.from("x"), "c/train.bin": Buffer.alloc(3073) };
    const archive = join(await newFolder(), "evil.tar.gz");
    await writeFile(archive, gzipSync(tarOf(files)));
    const card = await cardOf<CifarCard>("cifar-10", archive, {
      splits: { train: { items: 1, members: ["c/train.bin"] } },
    });
    const path = await place(card, archive);
    expect((await cifarData("cifar10", card, {})).size).toBe(1);
    await expect(stat(join(dirname(path), "../../evil.bin"))).rejects.toThrow("ENOENT");
  });
});
