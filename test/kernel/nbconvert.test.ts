import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kontrast } from "../cli/kontrast.js";
import { openBrowser } from "../figures/browser.js";
import { cells } from "../frontends/cells.js";
import { writeNotebook } from "../frontends/server.js";

const run = promisify(execFile);
let folder: string;
let browser: Browser;
let page: Page;
const requests: string[] = [];
const problems: string[] = [];

/** A notebook that stock nbconvert has executed and exported, in a browser without network. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast-nbconvert-"));
  await kontrast(folder, "install", "--prefix", folder).finished;
  const { value, table, progress, figure, slider, image } = cells;
  await writeNotebook(folder, "shown.ipynb", [value, table, progress, figure, slider, image]);
  const env = { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter") };
  const words = ["-m", "nbconvert", "--to", "html", "--execute", "--output", "shown.html", "shown.ipynb"];
  await run("/usr/bin/python3", words, { cwd: folder, env });
  browser = await openBrowser();
  page = await browser.newPage();
  await page.route(/^https?:/, (route) => route.abort());
  page.on("request", (request) => /^https?:/.test(request.url()) && requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(pathToFileURL(join(folder, "shown.html")).href);
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

test("values, tables, the last state of a progress bar and images are there", async () => {
  const text = await page.locator("body").innerText();
  expect(text).toContain("printed");
  expect(text).toMatch(/60\/60 · .* · took .* · loss 0\.017/);
  expect(await page.locator("td").allInnerTexts()).toContain("SimCLR");
  expect(await page.locator(".jp-RenderedImage img, .jp-OutputArea-output img[src^='data:image/png']").count()).toBe(1);
});

test("a figure is interactive and a widget is drawn, without kernel and without network", async () => {
  await page.locator(".kontrast-live svg.main-svg").first().waitFor({ timeout: 20_000 });
  expect(await page.locator("input.kontrast-slider").inputValue()).toBe("25");
  // nbconvert's own template asks for two libraries; our outputs ask for nothing.
  expect(requests.filter((url) => !/require\.min\.js|MathJax\.js/i.test(url))).toEqual([]);
  expect(problems.filter((problem) => !/require|MathJax/.test(problem))).toEqual([]);
});

test("where scripts do not run the fallback is there", async () => {
  const html = await readFile(join(folder, "shown.html"), "utf8");
  const quiet = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await quiet.setContent(html, { waitUntil: "commit" });
  expect(await quiet.locator("body").innerText()).toContain("slider at 25");
  expect(await quiet.locator(".kontrast-static").count()).toBeGreaterThan(0);
});
