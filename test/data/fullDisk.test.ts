import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { copyFile, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { cifarData } from "../../src/data/cards/cifarData.js";
import type { CifarCard } from "../../src/data/files/card.js";
import { dataFolder, download, fashionMnist, isAtHand, webDataset } from "../../src/data/index.js";
import { cardOf, realArchive } from "./cardOf.js";
import { tag, useMirror } from "./server.js";
import { realJpegs, writeShard } from "./shards.js";
import { useTemporaryFolders } from "./temporary.js";

const mounted: string[] = [];

/** A small disk of its own; only root may mount one. */
function smallDisk(megabytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), "kontrast-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "pipe" });
  mounted.push(folder);
  return folder;
}

function whyNot(): string | undefined {
  if (process.platform !== "linux") return `no tmpfs on ${process.platform}`;
  try {
    smallDisk(1);
    return undefined;
  } catch (error) {
    return `tmpfs cannot be mounted here: ${(error as Error).message.trim().split("\n").at(-1)}`;
  } finally {
    unmount();
  }
}

function unmount(): void {
  for (const folder of mounted.splice(0)) {
    execFileSync("umount", [folder]);
    rmdirSync(folder);
  }
}

const reason = whyNot();
const newFolder = useTemporaryFolders();
const mirror = useMirror();
afterEach(() => {
  vi.unstubAllEnvs();
  unmount();
});

describe.skipIf(reason !== undefined)(`a full disk${reason === undefined ? "" : ` (${reason})`}`, () => {
  const name = "train-images-idx3-ubyte.gz";

  test("is seen before a download begins", async () => {
    const disk = smallDisk(2);
    vi.stubEnv("KONTRAST_DATA_DIR", disk);
    const { address, asked } = await mirror();
    await expect(download("fashion-mnist", { addressOf: (file) => `${address}/${file.name}` })).rejects.toThrow(
      new RegExp(
        `^download: ${disk}/fashion-mnist must have 26\\.4 MB free for ${name}, has \\d\\.\\d MB; free some space, or set KONTRAST_DATA_DIR`,
      ),
    );
    expect(asked).toEqual([]);
    expect(await readdir(dataFolder("fashion-mnist"))).toEqual([]);
  });

  test("in the middle of a download: nothing is used, and the next attempt goes on", async () => {
    const disk = smallDisk(40);
    vi.stubEnv("KONTRAST_DATA_DIR", disk);
    const filler = join(disk, "filler");
    let isFirst = true;
    const { address, ranges } = await mirror(async (response, contents, file, request) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      const range = { "content-range": `bytes ${from}-${contents.length - 1}/${contents.length}` };
      response.writeHead(from > 0 ? 206 : 200, { etag: tag, ...(from > 0 && range) });
      if (isFirst && file === name) {
        isFirst = false;
        response.write(contents.subarray(0, 5_000_000));
        await writeFile(filler, Buffer.alloc(28 << 20)); // another program takes what was free
        response.end(contents.subarray(5_000_000));
      } else response.end(contents.subarray(from));
    });
    const get = () => download("fashion-mnist", { addressOf: (file) => `${address}/${file.name}` });
    await expect(get()).rejects.toThrow(
      `download: the disk of ${disk}/fashion-mnist is full (what has arrived is kept for the next attempt); free some space, or set KONTRAST_DATA_DIR`,
    );
    expect((await readdir(dataFolder("fashion-mnist"))).sort()).toEqual([`${name}.partial`, `${name}.partial.from`]);
    expect(await isAtHand("fashion-mnist")).toBe(false);
    await expect(fashionMnist()).rejects.toThrow(`${name} is not there`);
    await rm(filler);
    await get();
    expect(ranges[1]).toMatch(/^bytes=\d{7,}-$/);
    expect((await fashionMnist({ limit: 1 })).size).toBe(1);
  });

  test("while an archive is unpacked: nothing of it stays", async () => {
    const disk = smallDisk(20);
    vi.stubEnv("KONTRAST_DATA_DIR", disk);
    const archive = realArchive("cifar10-lossless-5k", "cifar-10-binary-5k.tar.gz");
    const members = ["cifar-10-batches-bin/data_batch_1.bin"];
    const card = await cardOf<CifarCard>("cifar-10", archive, { splits: { train: { items: 4000, members } } });
    const path = join(dataFolder("cifar-10"), "cifar-10-binary-5k.tar.gz");
    await mkdir(dirname(path));
    await copyFile(archive, path);
    await expect(cifarData("cifar10", card, {})).rejects.toThrow(
      `cifar10: the disk of ${dirname(path)} is full (nothing is kept); free some space, or set KONTRAST_DATA_DIR`,
    );
    expect(await readdir(dirname(path))).toEqual(["cifar-10-binary-5k.tar.gz"]);
  });

  test("while an index is written", async () => {
    const folder = await newFolder();
    const images = await realJpegs(folder, 2);
    const shard = join(folder, "a.tar");
    await writeShard(
      shard,
      images.map(({ bytes, label }) => ({ jpg: bytes, cls: `${label}` })),
    );
    const disk = smallDisk(1);
    vi.stubEnv("KONTRAST_DATA_DIR", disk);
    await writeFile(join(disk, "filler"), Buffer.alloc(1 << 20)).catch(() => undefined);
    await expect(webDataset(shard, { imageShape: [64, 64, 3] })).rejects.toThrow(
      / is full \(nothing is kept\); free some/,
    );
    await rm(join(disk, "filler"));
    expect((await webDataset(shard, { imageShape: [64, 64, 3] })).size).toBe(20);
    expect((await stat(join(disk, "index"))).isDirectory()).toBe(true);
  });
});
