import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shapes, webDataset } from "kontrast";
import sharp from "sharp";
import type { Case } from "../case.js";

/** Images that are read at once, as for a batch. */
const batchSize = 256;

/** Parameters of {@link jpegShards}. */
interface ShardParams {
  /** Where the shards are written; the peer reads them there. */
  readonly folder: string;
  readonly images: number;
  readonly shards: number;
  /** How often every image is read. */
  readonly passes: number;
}

/** Every image of some shards, in a shuffled order, read and decoded. The seconds are those of one core. */
const jpegShards: Case<ShardParams> = async ({ folder, images, shards, passes }) => {
  await writeShards(folder, images, shards);
  process.env["KONTRAST_DATA_DIR"] = join(folder, "cache");
  const data = await webDataset(join(folder, `{0..${shards - 1}}.tar`), { imageShape: [64, 64, 3], onError: "throw" });
  const order = Int32Array.from({ length: images }, (_, at) => (at * 1021) % images); // 1021 is prime, so each once
  let sum = 0;
  for (let at = 0; at < images; at += batchSize) {
    const { bytes } = await data.read(order.subarray(at, at + batchSize));
    sum += bytes.reduce((total, value) => total + value, 0);
  }
  return {
    check: sum / (images * 64 * 64 * 3),
    async run(calls) {
      const before = process.cpuUsage();
      for (let pass = 0; pass < calls * passes; pass++) {
        for (let at = 0; at < images; at += batchSize) await data.read(order.subarray(at, at + batchSize));
      }
      const { user, system } = process.cpuUsage(before); // of all threads
      return (user + system) / 1e6;
    },
    release: () => rm(folder, { recursive: true, force: true }),
  };
};

/** Shards of drawn shapes as JPEG images of quality 85, 4:2:0: about 1.6 kB each, as in Tiny ImageNet. */
async function writeShards(folder: string, images: number, shards: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const drawn = shapes({ count: images, size: 64, seed: 0 });
  const each = images / shards;
  for (let shard = 0; shard < shards; shard++) {
    const files = join(folder, `${shard}`);
    await mkdir(files);
    for (let at = shard * each; at < (shard + 1) * each; at++) {
      const pixels = drawn.images.subarray(at * 12288, (at + 1) * 12288);
      const jpeg = sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } }).jpeg({ quality: 85 });
      const key = String(at).padStart(6, "0");
      await writeFile(join(files, `${key}.jpg`), await jpeg.toBuffer());
      await writeFile(join(files, `${key}.cls`), String(drawn.labels[at]));
    }
    execFileSync("tar", ["--sort=name", "-C", files, "-cf", `${files}.tar`, "."]);
    await rm(files, { recursive: true });
  }
}

/** Reading data, by name; peers/data.py has the same. */
export const data = { jpegShards };
