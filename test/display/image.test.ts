import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadImage } from "@napi-rs/canvas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { displaySymbol, image, toShown } from "../../src/display/index.js";
import { tensor } from "../../src/engine/tensor.js";
import { fakeCell } from "./fakeCell.js";

const root = mkdtempSync(join(tmpdir(), "kontrast-image-"));
const folder = join(root, "notebooks");
const svg = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>';
let cell: ReturnType<typeof fakeCell>;

beforeAll(() => {
  mkdirSync(folder);
  writeFileSync(join(folder, "a b.svg"), svg);
  writeFileSync(join(root, "outside.svg"), svg);
  symlinkSync(join(root, "outside.svg"), join(folder, "link.svg"));
  cell = fakeCell({ folder });
});
afterAll(() => {
  cell.end();
  rmSync(root, { recursive: true });
});

test("reads a file by path and by address, with its size on the page and its text", async () => {
  const shown = await toShown(await image("a b.svg", { width: 40, alt: "nothing" }));
  expect(shown).toEqual({
    data: { "image/svg+xml": svg, "text/plain": "nothing" },
    metadata: { "image/svg+xml": { width: 40, alt: "nothing" } },
  });
  expect(await image(pathToFileURL(join(folder, "a b.svg")))).toBeDefined();
});

test("stays in the folder, by whatever way a path leads out of it", async () => {
  for (const path of [
    "../outside.svg",
    join(root, "outside.svg"),
    "link.svg",
    pathToFileURL(join(root, "outside.svg")),
  ]) {
    await expect(image(path)).rejects.toThrow(
      /^image: .* leads out of the notebook's folder .*; allow it with \{ anywhere: true \}$/,
    );
  }
  expect(await image("../outside.svg", { anywhere: true })).toBeDefined();
});

test("says what it cannot show", async () => {
  await expect(image("missing.png")).rejects.toThrow(/^image: cannot read .*missing.png \(ENOENT\)$/);
  await expect(image(Buffer.from("hello"))).rejects.toThrow("image: must be a PNG, JPEG, GIF, WebP or SVG image, got");
  await expect(image(tensor([1, 2]))).rejects.toThrow("with 1, 3 or 4 channels, got [2]");
  await expect(image(tensor([[1]]), { range: [1, 1] })).rejects.toThrow("image: range must grow, got [1, 1]");
  for (const columns of [0, -2, 2.5, Number.NaN]) {
    await expect(image(tensor([[1]]), { columns })).rejects.toThrow(
      `image: columns must be an integer >= 1, got ${columns}`,
    );
  }
});

test("draws tensors: floats in a range, integers in 255, several as a grid", async () => {
  const pixel = async (bundle: Record<string, unknown>, x: number, y: number) => {
    const { createCanvas } = await import("@napi-rs/canvas");
    const drawn = await loadImage(Buffer.from(String(bundle["image/png"]), "base64"));
    const context = createCanvas(drawn.width, drawn.height).getContext("2d");
    context.drawImage(drawn, 0, 0);
    return [...context.getImageData(x, y, 1, 1).data];
  };
  const grey = await (await image(tensor([[-1, 0, 1]]), { range: [-1, 1] }))[displaySymbol]();
  expect(await Promise.all([0, 100, 200].map((x) => pixel(grey, x, 0)))).toEqual([
    [0, 0, 0, 255],
    [128, 128, 128, 255],
    [255, 255, 255, 255],
  ]);
  const colours = await (
    await image(tensor([[[[255, 0, 0]]], [[[0, 0, 255]]]], [2, 1, 1, 3], "int32"), { columns: 2 })
  )[displaySymbol]();
  expect(await pixel(colours, 10, 10)).toEqual([255, 0, 0, 255]);
  expect(await pixel(colours, 250, 10)).toEqual([0, 0, 255, 255]);
  expect(colours["text/plain"]).toBe("<2 of 2 images, 1 × 1 × 3>");
});
