import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UsageError } from "../../src/cli/command.js";
import { data } from "../../src/cli/data.js";
import { useMirror } from "../data/server.js";
import { realData, useTemporaryFolders } from "../data/temporary.js";
import { kontrast } from "./kontrast.js";

const newFolder = useTemporaryFolders();
const mirror = useMirror();
let output = "";
beforeEach(() => {
  output = "";
  vi.stubEnv("KONTRAST_DATA_DIR", realData);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const names = "cifar-10, cifar-100, fashion-mnist, imagenette, mnist, stl-10, tiny-imagenet";

const run = (positionals: string[], values: Record<string, string | boolean> = {}) => data.run({ positionals, values });

describe("kontrast data", () => {
  test("list says what is at hand", async () => {
    expect(await run(["list"])).toBe(0);
    expect(output).toContain(
      `fashion-mnist  28×28 gray images of ten kinds of clothing; 30.9 MB; licence: MIT\n  at hand in ${realData}/fashion-mnist\n`,
    );
    expect(output.match(/^[a-z]/gm)).toHaveLength(7);
    expect(output).toContain("not at hand; npx kontrast data get cifar-10");
    vi.stubEnv("KONTRAST_DATA_DIR", await newFolder());
    output = "";
    await run([]);
    expect(output).toContain("not at hand; npx kontrast data get fashion-mnist");
  });

  test("list --json", async () => {
    await run(["list"], { json: true });
    const entries = JSON.parse(output) as { name: string }[];
    expect(entries).toHaveLength(7);
    expect(entries.find(({ name }) => name === "fashion-mnist")).toMatchObject({
      atHand: true,
      items: { train: 60000, test: 10000 },
      folder: `${realData}/fashion-mnist`,
    });
    expect(entries.find(({ name }) => name === "stl-10")).toMatchObject({
      atHand: false,
      items: { train: 5000, test: 8000, unlabeled: 100000 },
      megabytes: 2640.4,
    });
  });

  test("path and verify", async () => {
    await run(["path", "fashion-mnist"]);
    expect(output).toBe(`${realData}/fashion-mnist\n`);
    expect(await run(["verify", "fashion-mnist"])).toBe(0);
    expect(output.match(/✓/g)).toHaveLength(4);
  });

  test("Ctrl-C keeps what has arrived, and the same command goes on", async () => {
    const root = await newFolder();
    vi.stubEnv("KONTRAST_DATA_DIR", root);
    let half = () => {};
    const sent = new Promise<void>((resolve) => {
      half = resolve;
    });
    const slow = await mirror((response, contents) => {
      response.setHeader("content-length", contents.length);
      response.write(contents.subarray(0, contents.length / 2), () => half());
    });
    const started = kontrast(root, "data", "get", "fashion-mnist", "--from", slow.address);
    await sent;
    const waiting = kontrast(root, "data", "get", "fashion-mnist", "--from", slow.address);
    await waiting.says("fashion-mnist: waits for process", "stderr");
    waiting.kill("SIGINT");
    expect(await waiting.finished).toMatchObject({ status: 130 });
    started.kill("SIGINT");
    const { status, stderr } = await started.finished;
    expect(status).toBe(130);
    expect(stderr.endsWith("Interrupted; what has arrived is kept, and the same command goes on from there.\n")).toBe(
      true,
    );
    expect((await readdir(join(root, "fashion-mnist"))).sort()).toEqual(["train-images-idx3-ubyte.gz.partial"]);

    const { address, ranges } = await mirror();
    const again = await kontrast(root, "data", "get", "fashion-mnist", "--from", address).finished;
    expect(again).toMatchObject({ status: 0 });
    expect(ranges[0]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test("get from a mirror, then verify", async () => {
    const root = await newFolder();
    vi.stubEnv("KONTRAST_DATA_DIR", root);
    await expect(run(["verify", "fashion-mnist"])).rejects.toThrow(
      "data: fashion-mnist is missing or damaged; npx kontrast data get fashion-mnist",
    );
    const { address } = await mirror();
    expect(await run(["get", "fashion-mnist"], { from: `${address}/` })).toBe(0);
    expect(output).toContain("fashion-mnist: 4 files downloaded, 0 already there; all verified, in");
    expect(await readdir(join(root, "fashion-mnist"))).toHaveLength(4);
    expect(await run(["verify", "fashion-mnist"])).toBe(0);
    expect(await run(["get", "fashion-mnist"], { from: "http://127.0.0.1:1" })).toBe(0); // nothing left to ask for
  });

  test("get says for whom it waits", async () => {
    const root = await newFolder();
    vi.stubEnv("KONTRAST_DATA_DIR", root);
    const lock = join(root, "fashion-mnist", "train-images-idx3-ubyte.gz.lock");
    await mkdir(dirname(lock));
    await writeFile(lock, "1 elsewhere x");
    const { address } = await mirror();
    const got = run(["get", "fashion-mnist"], { from: address });
    await vi.waitFor(() =>
      expect(process.stderr.write).toHaveBeenCalledWith(
        "fashion-mnist: waits for process 1 on elsewhere, which downloads it\n",
      ),
    );
    await rm(lock);
    expect(await got).toBe(0);
  });

  test.each([
    [
      ["get", "mnist"],
      { from: "/data/mnist" },
      UsageError,
      'data: --from must be an address that begins with http:// or https://, got "/data/mnist"; files that you have already can be put into the folder that `kontrast data path NAME` prints',
    ],
    [["get", "cifar10"], {}, RangeError, `data: name must be one of ${names}, got "cifar10"; did you mean cifar-10?`],
    [["get", "coco"], {}, RangeError, `data: name must be one of ${names}, got "coco"`],
    [["get"], {}, UsageError, `data: get needs a name: one of ${names}`],
    [["fetch"], {}, UsageError, 'data: unknown action "fetch"; expected list, get, path or verify'],
    [["list", "mnist"], {}, UsageError, 'data: list takes no name, got "mnist"'],
    [["verify", "fashion-mnist"], { json: true }, UsageError, "data: --json goes with list"],
    [["list"], { from: "http://x" }, UsageError, "data: --from goes with get"],
  ])("%j %j is refused in one line", async (words, values, kind, message) => {
    const error = await run(words as string[], values as Record<string, string>).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toBe(message);
  });
});
