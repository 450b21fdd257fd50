import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type DownloadProgress, dataFolder, download, fashionMnist, isAtHand, readCard } from "../../src/data/index.js";
import { useMirror } from "./server.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();
const mirror = useMirror();
beforeEach(async () => void vi.stubEnv("KONTRAST_DATA_DIR", join(await newFolder(), "not there yet")));
afterEach(() => void vi.unstubAllEnvs());

const get = (address: string, onProgress?: (progress: DownloadProgress) => void) =>
  download("fashion-mnist", { addressOf: ({ name }) => `${address}/${name}`, ...(onProgress && { onProgress }) });

test("downloads, verifies and loads", async () => {
  const { address, asked } = await mirror();
  const seen: DownloadProgress[] = [];
  const { folder, downloaded } = await get(address, (progress) => seen.push(progress));
  const names = (await readCard("fashion-mnist")).files.map(({ name }) => name);
  expect(folder).toBe(dataFolder("fashion-mnist"));
  expect(downloaded).toEqual(names);
  expect((await readdir(folder)).sort()).toEqual([...names].sort());
  expect((await fashionMnist({ split: "test" })).size).toBe(10000);
  for (const { name, bytes } of (await readCard("fashion-mnist")).files) {
    const own = seen.filter(({ file }) => file === name);
    expect(own.at(-1)).toEqual({ file: name, done: bytes, total: bytes });
    expect(own.every(({ done }, index) => index === 0 || done > (own[index - 1] as DownloadProgress).done)).toBe(true);
  }

  await writeFile(join(folder, "t10k-labels-idx1-ubyte.gz"), "damaged");
  asked.length = 0;
  expect((await get(address)).downloaded).toEqual(["t10k-labels-idx1-ubyte.gz"]);
  expect(asked).toEqual(["t10k-labels-idx1-ubyte.gz"]);
});

test("two at once end with whole files", async () => {
  const { address } = await mirror();
  await Promise.all([get(address), get(address)]);
  expect(await isAtHand("fashion-mnist")).toBe(true);
  expect(await readdir(dataFolder("fashion-mnist"))).toHaveLength(4);
});

test.each([
  [
    "another file",
    (contents: Buffer) => Buffer.alloc(contents.length),
    /must have the sha256 3aed.*, got [0-9a-f]{64}/,
  ],
  ["too much", (contents: Buffer) => Buffer.concat([contents, contents]), /must have 26421880 bytes, sends more$/],
  ["too little", (contents: Buffer) => contents.subarray(0, 999), /must have 26421880 bytes, sent 999; try again$/],
])("nothing is left when the server sends %s", async (_, change, message) => {
  const { address } = await mirror((response, contents) => void response.end(change(contents)));
  const error = (await get(address).catch((thrown: Error) => thrown)) as Error;
  expect(error.message).toMatch(message);
  expect(error.message.startsWith(`download: ${address}/train-images-idx3-ubyte.gz `)).toBe(true);
  expect(await readdir(dataFolder("fashion-mnist"))).toEqual([]);
});

test("a lost connection", async () => {
  const { address } = await mirror((response, contents) => {
    response.writeHead(200, { "content-length": contents.length });
    response.write(contents.subarray(0, 50_000), () => response.destroy());
  });
  await expect(get(address)).rejects.toThrow(/could not be read \(.+\); check the network and try again$/);
  expect(await readdir(dataFolder("fashion-mnist"))).toEqual([]);
});

test("a file that is not on the server, and no server", async () => {
  const { address } = await mirror();
  await expect(get(`${address}/elsewhere`)).rejects.toThrow(
    `download: ${address}/elsewhere/train-images-idx3-ubyte.gz answered 404 Not Found; try again later or use a mirror`,
  );
  await expect(get("http://127.0.0.1:1")).rejects.toThrow(/^download: http:\/\/127.0.0.1:1\/train.* could not be read/);
});

test("a folder that cannot be written says so", async () => {
  const { address } = await mirror();
  const file = join(await newFolder(), "a file");
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, "");
  vi.stubEnv("KONTRAST_DATA_DIR", file);
  await expect(get(address)).rejects.toThrow(/ENOTDIR|EEXIST/);
});
