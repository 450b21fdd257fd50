import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lossCurves } from "../../src/figures/index.js";
import { type Cell, notebookToHtml } from "../../src/notebook/index.js";
import { openBrowser } from "../figures/browser.js";

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await openBrowser();
  folder = await mkdtemp(join(tmpdir(), "kontrast-page-"));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

async function figureCell(id: string, library: boolean): Promise<Cell> {
  const figure = lossCurves([{ name: id, history: [1, 2, 3].map((index) => ({ index, loss: 1 / index })) }]);
  const data = { "text/html": await figure.toHtml({ library }), "text/plain": figure.summary };
  const outputs = [{ output_type: "display_data" as const, data, metadata: {} }];
  return { cell_type: "code", id, metadata: {}, source: "draw()", execution_count: 1, outputs };
}

/** Opens a page offline and tells what happened. */
async function open(cells: Cell[], colorScheme: "light" | "dark", { offline = true } = {}) {
  const path = join(folder, `${Math.random()}.html`);
  await writeFile(path, notebookToHtml({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  const context = await browser.newContext({ offline, colorScheme, viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  const said: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  await page.waitForFunction(() => {
    const drawn = "document" in globalThis && document.querySelectorAll(".kontrast-live .main-svg");
    return drawn && drawn.length >= 2;
  });
  const seen = await page.evaluate(() => ({
    boxes: document.querySelectorAll("[data-kontrast-figure]").length,
    live: document.querySelectorAll("[data-kontrast-figure] .kontrast-live .main-svg:first-child").length,
    statics: document.querySelectorAll(".kontrast-static").length,
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    background: getComputedStyle(document.body).backgroundColor,
  }));
  await context.close();
  return { said, requests, seen };
}

test("figures come alive offline, without a request or a word on the console, light and dark", async () => {
  const cells = [await figureCell("a", true), await figureCell("b", false), await figureCell("c", true)];
  const light = await open(cells, "light");
  expect(light.said).toEqual([]);
  expect(light.requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  expect(light.seen).toMatchObject({ boxes: 3, live: 3, statics: 0, sideways: 0, background: "rgb(255, 255, 255)" });
  const dark = await open(cells, "dark");
  expect(dark.seen).toMatchObject({ live: 3, background: "rgb(22, 25, 29)" });
});

test("figures that brought no library come alive too; what the notebook's own HTML would fetch is not fetched", async () => {
  let hits = 0;
  const server = createServer((_, response) => {
    hits++;
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = `<img src="${address}/a.png"><script src="${address}/b.js"></script><script>fetch("${address}/c")</script>`;
  const foreign: Cell = { cell_type: "markdown", id: "m", metadata: {}, source };
  try {
    const { seen } = await open([foreign, await figureCell("a", false)], "light", { offline: false });
    expect(seen).toMatchObject({ boxes: 1, live: 1, sideways: 0 });
    expect(hits).toBe(0);
  } finally {
    server.close();
  }
});
