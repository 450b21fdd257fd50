import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type DownloadProgress, dataFolder, download, fashionMnist, isAtHand, readCard } from "../../src/data/index.js";
import { breakOnce, sendRange, tag, useMirror } from "./server.js";
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
    /must have the sha256 3aed.*, has [0-9a-f]{64}; the file there is another one, or it was damaged on the way$/,
  ],
  [
    "too much",
    (contents: Buffer) => Buffer.concat([contents, contents]),
    /must have 26421880 bytes, the answer has 52843760 bytes; what is there is another file$/,
  ],
  [
    "too much, without saying how much",
    (contents: Buffer) => [contents, contents],
    /must have 26421880 bytes, sends more; the file there is another one$/,
  ],
  [
    "a page in its place, without saying how much",
    () => [Buffer.from("<p>please "), Buffer.from("log in</p>")],
    /must have 26421880 bytes, sent all of its 20; the file there is another one$/,
  ],
])("nothing is left when the server sends %s", async (_, change, message) => {
  const { address } = await mirror((response, contents) => {
    const sent = change(contents);
    if (Buffer.isBuffer(sent)) return void response.end(sent);
    for (const piece of sent) response.write(piece);
    response.end();
  });
  const error = (await get(address).catch((thrown: Error) => thrown)) as Error;
  expect(error.message).toMatch(message);
  expect(error.message.startsWith(`download: ${address}/train-images-idx3-ubyte.gz `)).toBe(true);
  expect(await readdir(dataFolder("fashion-mnist"))).toEqual([]);
});

describe("a lost connection", () => {
  const partial = () => join(dataFolder("fashion-mnist"), "train-images-idx3-ubyte.gz.partial");

  async function lose(): Promise<Awaited<ReturnType<typeof mirror>>> {
    const server = await mirror(breakOnce(5_000_000));
    await expect(get(server.address)).rejects.toThrow(
      /could not be read after \d+ of 26421880 bytes, which are kept \(.+\); check the network and try again$/,
    );
    return server;
  }

  test("goes on from what is kept", async () => {
    const { address, ranges } = await lose();
    const { size } = await stat(partial());
    expect(size).toBeGreaterThan(0);
    const seen: number[] = [];
    await get(address, ({ done }) => seen.push(done));
    expect(ranges.slice(0, 2)).toEqual([undefined, `bytes=${size}-`]);
    expect(seen[0]).toBeGreaterThan(size);
    expect(await isAtHand("fashion-mnist")).toBe(true);
    expect(await readdir(dataFolder("fashion-mnist"))).toHaveLength(4);
  });

  test("goes on where the server names no version", async () => {
    await lose();
    await rm(`${partial()}.from`);
    const { size } = await stat(partial());
    const { address, ranges } = await mirror((response, contents, _, { headers }) => {
      const from = Number(/\d+/.exec(headers.range ?? "0")?.[0]);
      if (from > 0)
        response.writeHead(206, { "content-range": `bytes ${from}-${contents.length - 1}/${contents.length}` });
      response.end(contents.subarray(from));
    });
    await get(address);
    expect(ranges[0]).toBe(`bytes=${size}-`);
    expect(await isAtHand("fashion-mnist")).toBe(true);
  });

  test("a page in place of the rest changes nothing of what is there", async () => {
    await lose();
    const before = await readFile(partial());
    const { address } = await mirror((response) => {
      response.writeHead(200, { "content-type": "text/html", "content-length": 4 }).end("page");
    });
    await expect(get(address)).rejects.toThrow(
      /must have 26421880 bytes, the answer has 4 bytes of text\/html; what is/,
    );
    expect((await readFile(partial())).equals(before)).toBe(true);
  });

  test("starts over where the server knows no parts", async () => {
    await lose();
    const { address, ranges } = await mirror((response, contents) => void response.end(contents));
    await get(address);
    expect(ranges[0]).toMatch(/^bytes=/);
    expect(await isAtHand("fashion-mnist")).toBe(true);
  });

  test("starts over where the file has changed since", async () => {
    await lose();
    await writeFile(`${partial()}.from`, '"version-0"');
    const { address } = await mirror();
    await get(address);
    expect(await isAtHand("fashion-mnist")).toBe(true);
  });

  test("a part of another file is found out and dropped", async () => {
    await lose();
    const { size } = await stat(partial());
    await writeFile(partial(), Buffer.alloc(size, 7));
    const { address } = await mirror();
    await expect(get(address)).rejects.toThrow(/must have the sha256 3aed/);
    expect(await readdir(dataFolder("fashion-mnist"))).toEqual([]);
    await get(address);
    expect(await isAtHand("fashion-mnist")).toBe(true);
  });

  test("a server that sends another part than asked for", async () => {
    await lose();
    const { address } = await mirror((response, contents) => {
      response.writeHead(206, { etag: tag, "content-range": `bytes 0-99/${contents.length}` });
      response.end(contents.subarray(0, 100));
    });
    await expect(get(address)).rejects.toThrow(/does not send the part from \d+ that it was asked for; run it again$/);
  });
});

describe("several processes", () => {
  /** A process that downloads Fashion-MNIST. */
  function start(address: string) {
    const program = `
      import { download } from ${JSON.stringify(new URL("../../src/data/files/download.ts", import.meta.url).href)};
      const { downloaded } = await download("fashion-mnist", { addressOf: ({ name }) => "${address}/" + name });
      console.log(JSON.stringify(downloaded));`;
    const words = ["--import", "tsx", "--input-type=module", "--eval", program];
    const child = spawn(process.execPath, words, { env: process.env, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += part));
    return { child, text: () => text, ended: once(child, "close") };
  }

  test.each(["SIGKILL", "SIGINT"] as const)(
    "one that %s ends leaves nothing that is used; the next goes on",
    async (signal) => {
      let isFirst = true;
      let reached: () => void = () => undefined;
      const half = new Promise<void>((resolve) => (reached = resolve));
      const { address, ranges } = await mirror((response, contents, name, request) => {
        if (!isFirst) return sendRange(response, contents, name, request);
        isFirst = false;
        response.writeHead(200, { etag: tag, "content-length": contents.length });
        response.write(contents.subarray(0, contents.length / 2), () => setTimeout(reached, 300)); // and then stalls
      });
      const { child, ended } = start(address);
      await half;
      child.kill(signal);
      await ended;
      const left = (await readdir(dataFolder("fashion-mnist"))).sort();
      const name = "train-images-idx3-ubyte.gz";
      expect(left).toEqual([`${name}.lock`, `${name}.partial`, `${name}.partial.from`]);
      await expect(fashionMnist()).rejects.toThrow(`${name} is not there`);

      const next = start(address);
      await next.ended;
      expect(next.text()).toContain(`["${name}"`);
      expect(ranges[1]).toMatch(/^bytes=\d{7,}-$/);
      expect(await readdir(dataFolder("fashion-mnist"))).toHaveLength(4);
      expect((await fashionMnist({ split: "test", limit: 3 })).size).toBe(3);
    },
  );

  test("two at once: each file is downloaded once, and both end with all of them", async () => {
    const { address, asked } = await mirror();
    const both = [start(address), start(address)];
    await Promise.all(both.map(({ ended }) => ended));
    const downloaded = both.flatMap(({ text }) => JSON.parse(text()) as string[]);
    const names = (await readCard("fashion-mnist")).files.map(({ name }) => name);
    expect(downloaded.sort()).toEqual([...names].sort());
    expect(asked.sort()).toEqual([...names].sort());
    expect(await isAtHand("fashion-mnist")).toBe(true);
    expect(await readdir(dataFolder("fashion-mnist"))).toHaveLength(4);
  });
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
  await expect(get(address)).rejects.toThrow(
    /^download: .*a file.* is no folder; move it away, or set KONTRAST_DATA_DIR/,
  );
});
