import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as made from "../../src/data/files/makeFile.js";
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
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Names of labels as Hugging Face's `datasets` keeps them. */
const naming = (names: unknown) => JSON.stringify({ info: { features: { label: { names, _type: "ClassLabel" } } } });
const record = naming([..."abcdefghij"]);
const packs = async () => (await readdir(dataFolder("index"))).filter((name) => name.endsWith(".images"));

/** A file as Hugging Face's `datasets` writes it: image {bytes, path}, label int64. */
async function huggingFace(rows = images, metadata: string | undefined = record, at?: string): Promise<string> {
  const path = at ?? join(await newFolder(), "train.parquet");
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
    ...(metadata && { kvMetadata: [{ key: "huggingface", value: metadata }] }),
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
  const [pack] = (await packs()) as [string];
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

test("three that want a file at once unpack it once", async () => {
  const path = await huggingFace(images.slice(0, 3));
  const unpacked = vi.spyOn(made, "makeFile");
  const all = await Promise.all([1, 2, 3].map(() => fromParquet(path, { imageShape })));
  expect(all.map(({ size }) => size)).toEqual([3, 3, 3]);
  expect(unpacked).toHaveBeenCalledTimes(1);
  expect(await readdir(dataFolder("index"))).toHaveLength(2);
});

test("of a file that changes, one pack is kept", async () => {
  const path = await huggingFace(images.slice(0, 3));
  await fromParquet(path, { imageShape });
  const before = await packs();
  await huggingFace(images.slice(0, 5), record, path);
  expect((await fromParquet(path, { imageShape })).size).toBe(5);
  const after = await packs();
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
});

test("names of labels: alike in all files that have some, lists of texts", async () => {
  const few = images.slice(0, 3);
  const file = (metadata: string) => huggingFace(few, metadata);
  const load = async (files: string[], options: object = {}) => fromParquet(files, { imageShape, ...options });
  const [none, one, other] = [await file(""), await file(naming(["a", "b"])), await file(naming(["a", "c"]))];
  expect((await load([none, one])).classNames).toEqual(["a", "b"]);
  await expect(load([none, one, other])).rejects.toThrow(
    `fromParquet: ${one} and ${other} must name the labels alike, label 1 is "b" and "c"; pass classNames`,
  );
  await expect(load([one, await file(naming(["a"]))])).rejects.toThrow(/label 1 is "b" and none; pass classNames$/);
  expect((await load([one, other], { classNames: ["x", "y"] })).classNames).toEqual(["x", "y"]);
  const numbers = await file(naming([1, 2]));
  await expect(load([numbers])).rejects.toThrow(
    `fromParquet: ${numbers} must name the labels of column label by a list of texts in its metadata "huggingface", has [1,2]; `,
  );
  const broken = await file("{");
  await expect(load([broken])).rejects.toThrow(`fromParquet: ${broken} must have JSON as its metadata "huggingface" (`);
});

test("labels that an Int32Array cannot hold, or that have no name", async () => {
  const labeled = (label: number) => huggingFace([{ ...(images[0] as (typeof images)[number]), label }]);
  await expect(fromParquet(await labeled(2 ** 32), { imageShape })).rejects.toThrow(
    'must have an integer from -1 to 2147483647 in column label, row 0 has "4294967296"',
  );
  await expect(fromParquet(await labeled(10), { imageShape })).rejects.toThrow(
    /^fromParquet: the label of .*train\.parquet\/row 0 must be below 10, the number of class names, is 10; /,
  );
});

test("labels are not looked at where none are wanted", async () => {
  const path = await plain(["cat", "dog"], "STRING");
  const options = { imageShape, image: "picture", label: "kind" };
  await expect(fromParquet(path, options)).rejects.toThrow(
    'must have an integer from -1 to 2147483647 in column kind, row 0 has "cat"; labels: false takes all as unlabeled',
  );
  expect([...(await fromParquet(path, { ...options, labels: false })).labels]).toEqual([-1, -1]);
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
    'must have an integer from -1 to 2147483647 in column kind, row 0 has "cat"',
  );
  const cut = join(await newFolder(), "cut.parquet");
  await writeFile(cut, "PAR1 and no more");
  await expect(load({}, cut)).rejects.toThrow(
    new RegExp(`^fromParquet: ${cut} must be a whole Parquet file \\(.+\\)$`),
  );
  await expect(load({}, join(cut, "..", "none.parquet"))).rejects.toThrow(/none\.parquet is not there$/);
});
