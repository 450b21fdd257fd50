import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { dataFolder, fromParquet, webDataset } from "../../src/data/index.js";
import { realJpegs, writeShard } from "./shards.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
const kept = useTemporaryFolders("all");
const imageShape = [64, 64, 3] as const;
let images: Awaited<ReturnType<typeof realJpegs>>;
beforeAll(async () => {
  images = await realJpegs(await kept(), 5);
});
beforeEach(async () => void vi.stubEnv("KONTRAST_DATA_DIR", await newFolder()));
afterEach(() => void vi.unstubAllEnvs());

const record = JSON.stringify({ info: { features: { label: { names: [..."abcdefghij"], _type: "ClassLabel" } } } });

/** A file as Hugging Face's `datasets` writes it: image {bytes, path}, label int64. */
async function huggingFace(rows = images, names = true): Promise<string> {
  const path = join(await newFolder(), "train.parquet");
  const schema = [
    { name: "root", num_children: 2 },
    { name: "image", num_children: 2, repetition_type: "OPTIONAL" as const },
    { name: "bytes", type: "BYTE_ARRAY" as const, repetition_type: "OPTIONAL" as const },
    {
      name: "path",
      type: "BYTE_ARRAY" as const,
      converted_type: "UTF8" as const,
      repetition_type: "OPTIONAL" as const,
    },
    { name: "label", type: "INT64" as const, repetition_type: "OPTIONAL" as const },
  ];
  const buffer = parquetWriteBuffer({
    schema,
    rowGroupSize: 20,
    columnData: [
      { name: "image", data: rows.map(({ bytes, name }) => ({ bytes: new Uint8Array(bytes), path: name })) },
      { name: "label", data: rows.map(({ label }) => BigInt(label)) },
    ],
    ...(names && { kvMetadata: [{ key: "huggingface", value: record }] }),
  });
  await writeFile(path, Buffer.from(buffer));
  return path;
}

/** Bytes in a plain column. */
async function plain(label: (string | number | null)[], type: "STRING" | "INT32" = "INT32"): Promise<string> {
  const path = join(await newFolder(), "plain.parquet");
  const data = label.map((_, at) => new Uint8Array((images[at] as { bytes: Buffer }).bytes));
  const columnData = [
    { name: "picture", type: "BYTE_ARRAY" as const, data },
    { name: "kind", type, data: label, nullable: true },
  ];
  await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData })));
  return path;
}

test("a file of Hugging Face: images, labels and their names", async () => {
  const path = await huggingFace();
  const data = await fromParquet(path, { imageShape });
  expect([data.size, data.name]).toEqual([50, "train"]);
  expect(data.classNames).toEqual([..."abcdefghij"]);
  expect([...data.labels]).toEqual(images.map(({ label }) => label));

  const shard = join(await newFolder(), "a.tar");
  await writeShard(
    shard,
    images.map(({ bytes, label }) => ({ jpg: bytes, cls: `${label}` })),
  );
  const order = Int32Array.from({ length: 50 }, (_, at) => (at * 7) % 50);
  const [own, expected] = [await data.read(order), await (await webDataset(shard, { imageShape })).read(order)];
  expect([...own.places]).toEqual([...order.keys()]);
  expect(Buffer.compare(own.bytes, expected.bytes)).toBe(0);

  // the copy in the cache is made again when somebody has removed it
  const names = await readdir(dataFolder("index"));
  const pack = names.find((name) => name.endsWith(".images")) as string;
  await rm(join(dataFolder("index"), pack));
  const again = await (await fromParquet(path, { imageShape })).read(order);
  expect(Buffer.compare(again.bytes, expected.bytes)).toBe(0);
});

test("several files, plain columns, no names", async () => {
  const path = await plain([3, 1, 2]);
  const data = await fromParquet([path, path], { imageShape, image: "picture", label: "kind" });
  expect([...data.labels]).toEqual([3, 1, 2, 3, 1, 2]);
  expect(data.classNames).toEqual(["0", "1", "2", "3"]);
  const { bytes } = await data.read(Int32Array.of(1, 4));
  expect(bytes.subarray(0, 12288)).toEqual(bytes.subarray(12288));
  const unlabeled = await fromParquet(path, { imageShape, image: "picture" });
  expect([...unlabeled.labels]).toEqual([-1, -1, -1]);
});

test("a damaged image is skipped and named by its row", async () => {
  const rows = images.map((image, at) => (at === 30 ? { ...image, bytes: Buffer.from("no image") } : image));
  const path = await huggingFace(rows);
  const data = await fromParquet(path, { imageShape });
  expect([...(await data.read(Int32Array.of(30, 31))).places]).toEqual([-1, 1]);
  expect(data.unreadable?.[0]?.name).toBe(`${path}/row 30`);
});

test("what is not as it must be", async () => {
  const path = await plain([1, null, 2]);
  const load = (options: object, file = path) => fromParquet(file, { imageShape, ...options });
  await expect(load({})).rejects.toThrow(
    `fromParquet: ${path} must have one image column with a field "bytes", has none; name it with image, one of picture, kind`,
  );
  await expect(load({ image: "img" })).rejects.toThrow(
    `fromParquet: ${path} has no column "img"; it has picture, kind`,
  );
  await expect(load({ image: "kind" })).rejects.toThrow(/must have an image's bytes in column kind, row 0 has none/);
  await expect(load({ image: "picture", label: "kind" })).rejects.toThrow(
    `fromParquet: 1 of 3 samples have no label, such as ${path}/row 1; give each one, or pass labels: false`,
  );
  const words = await plain(["cat", "dog"], "STRING");
  await expect(load({ image: "picture", label: "kind" }, words)).rejects.toThrow(
    'must have an integer in column kind, row 0 has "cat"',
  );
  const cut = join(await newFolder(), "cut.parquet");
  await writeFile(cut, "PAR1 and no more");
  await expect(load({}, cut)).rejects.toThrow(
    new RegExp(`^fromParquet: ${cut} must be a whole Parquet file \\(.+\\)$`),
  );
  await expect(load({}, join(cut, "..", "none.parquet"))).rejects.toThrow(/none\.parquet is not there$/);
});
