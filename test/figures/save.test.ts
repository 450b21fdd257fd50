import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { loadImage } from "@napi-rs/canvas";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lossCurves } from "../../src/figures/index.js";
import { sampleLosses } from "./samples.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast-save-"));
});
afterAll(() => rm(folder, { recursive: true }));

const provenance = { run: "été <1>", seed: 3, note: "a--b>" };
const figure = () => lossCurves(sampleLosses("SCE"), { width: "column", provenance });

it("writes PNG images of the asked size with the provenance inside", async () => {
  const path = join(folder, "a.png");
  await figure().save(path);
  const image = await readFile(path);
  const { width, height } = figure().spec.layout;
  expect(width).toBe(312);
  const drawn = await loadImage(image);
  expect([drawn.width, drawn.height]).toEqual([975, Math.round(height * 3.125)]);
  const chunks = chunksOf(image);
  const texts = chunks.filter(({ type }) => type === "tEXt").map(({ data }) => data.toString("latin1").split("\0"));
  expect(Object.fromEntries(texts)["Software"]).toBe("Kontrast");
  expect(JSON.parse(Object.fromEntries(texts)["Provenance"] as string)).toMatchObject(provenance);
  const pixels = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  expect(inflateSync(pixels).length).toBeGreaterThan(0);
  const half = await loadImage(await figure().toPng({ width: 156 }));
  expect(half.width).toBe(156);
});

it("writes SVG, HTML and JSON with the provenance inside", async () => {
  const texts = await Promise.all(
    ["a.svg", "a.html", "a.json"].map(async (name) => {
      await figure().save(join(folder, name));
      return readFile(join(folder, name), "utf8");
    }),
  );
  const [svg, html, json] = texts as [string, string, string];
  expect(svg).toContain("<metadata>{&quot;");
  expect(svg).toContain("été &lt;1&gt;");
  const comment = html.match(/<!-- provenance: (.*?) -->/)?.[1] as string;
  expect(comment).not.toMatch(/--|>/);
  expect(JSON.parse(comment)).toMatchObject(provenance);
  expect(JSON.parse(json)).toMatchObject({ provenance, layout: { width: 312 }, data: expect.any(Array) });
});

it("leaves nothing behind when it cannot write", async () => {
  await mkdir(join(folder, "taken.json"));
  await expect(figure().save(join(folder, "taken.json"))).rejects.toThrow("EISDIR");
  await expect(figure().save(join(folder, "a.gif"))).rejects.toThrow(
    /^save: the file's ending must be one of \.svg, \.png, \.html, \.json, got ".*a\.gif"$/,
  );
  expect((await readdir(folder)).filter((name) => name.includes("tmp") || name.includes("gif"))).toEqual([]);
});

it("makes the folder it saves into", async () => {
  await figure().save(join(folder, "new", "deep", "a.json"));
  expect(await readdir(join(folder, "new", "deep"))).toEqual(["a.json"]);
});

it("rejects sizes that are none", async () => {
  await expect(figure().toPng({ scale: 0 })).rejects.toThrow("toPng: width and scale must be > 0");
});

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}
