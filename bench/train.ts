import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { shapes } from "../src/data/index.js";
import { median, type Suite } from "./suite.js";

const run = promisify(execFile);
const steps = 24;
const batchSize = 256;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Training of the quickstart's SimCLR, data to optimizer, against the same as a PyTorch script with torchvision
 * transforms and two DataLoader workers. Each round starts both anew, ours first in every other round.
 */
export const train: Suite = async ({ rounds }) => {
  const folder = await mkdtemp(join(tmpdir(), "kontrast-bench-"));
  const file = join(folder, "images");
  await writeFile(file, shapes({ count: 4096, seed: 0 }).images);
  const ours: number[] = [];
  const peer: number[] = [];
  let versions = {};
  const sides = [
    async () => {
      const measured = await answer(process.execPath, ["--import", "tsx", here("trainOurs.ts")]);
      ours.push(measured.imagesPerSecond);
      versions = { ...versions, ...measured.versions };
    },
    async () => {
      const measured = await answer("/usr/bin/python3", [here("peers/simclr.py"), "--images", file]);
      peer.push(measured.imagesPerSecond);
      versions = { ...versions, ...measured.versions };
    },
  ];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
      process.stderr.write(`round ${round + 1}: ours ${ours.at(-1)?.toFixed(0)}, peer ${peer.at(-1)?.toFixed(0)}\n`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const result = {
    name: `SimCLR, small ResNet, 32×32, batch ${batchSize} × 2 views, float32`,
    unit: "images/s",
    ours: median(ours),
    peer: median(peer),
    peerName: "PyTorch, torchvision, 2 workers",
    ratio: median(ours) / median(peer),
    target: 1,
    rounds: { ours, peer },
  };
  return { results: [result], versions };
};

async function answer(command: string, words: string[]): Promise<{ imagesPerSecond: number; versions: object }> {
  const { stdout } = await run(command, [...words, "--steps", `${steps}`, "--batch", `${batchSize}`]);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string);
}
