import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { webDataset } from "../../src/data/index.js";
import { writeShard } from "./shards.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();

// in a file of its own: the threads that decode have not been started yet
test("sharp's settings, which are the whole process's, stay as they are", async () => {
  sharp.concurrency(3);
  sharp.cache({ items: 77 });
  const png = await sharp({ create: { width: 9, height: 9, channels: 3, background: "#804020" } })
    .png()
    .toBuffer();
  const path = join(await newFolder(), "a.tar");
  await writeShard(path, [{ png }]);
  const data = await webDataset(path, { imageShape: [9, 9, 3], onError: "throw" });
  await data.read(Int32Array.of(0));
  expect([sharp.concurrency(), sharp.cache().items.max]).toEqual([3, 77]);
});
