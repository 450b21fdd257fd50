import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Group, Side } from "../suite.js";

/** Reading images from shards, beside the two decoders that torchvision has. */
export function jpegShards(quick: boolean): Group {
  // Several passes, as a training makes: one alone takes a tenth of a second, and from one to the next varies twofold.
  const [images, shards, passes] = quick ? [64, 2, 1] : [4096, 4, 8];
  const folder = join(tmpdir(), `kontrast-bench-${process.pid}-data`);
  const side = (lane: Side["lane"], decoder?: string): Side => ({
    lane,
    case: "jpegShards",
    params: { folder, images, shards, passes, ...(decoder && { decoder }) },
  });
  const name = `64×64 JPEG shards, shuffled, per core`;
  const row = { unit: "images/s", images: images * passes, ours: "ours", target: 1 } as const;
  return {
    // ours comes first: it writes the shards that all sides read
    sides: { ours: side("ours"), pillow: side("peer", "pillow"), turbo: side("peer", "torchvision.io") },
    rows: [
      { ...row, name, peer: "pillow", peerNote: "torchvision's data sets: Pillow" },
      { ...row, name: `${name}, beside torchvision.io`, peer: "turbo", peerNote: "torchvision.io.decode_jpeg" },
    ],
    measures: "time",
  };
}
