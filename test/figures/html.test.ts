import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { setCurrentCell, toMimeBundle } from "../../src/display/index.js";
import { createFigure, libraryScript, lossCurves, umapPlot } from "../../src/figures/index.js";
import { fakeCell } from "../display/fakeCell.js";
import { openBrowser } from "./browser.js";
import { sampleLosses } from "./samples.js";

const marker = "<script data-kontrast-library>";

describe("figures as HTML", () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), "kontrast-html-"));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });
  afterEach(() => setCurrentCell(undefined));

  /** Opens a page that may not reach any network and counts what is in it. */
  async function look(html: string) {
    const path = join(folder, "page.html");
    await writeFile(path, html);
    const page = await browser.newPage();
    const requests: string[] = [];
    const problems: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(pathToFileURL(path).href);
    await page.waitForTimeout(300);
    if (html.includes(marker)) await page.waitForSelector("svg.main-svg", { timeout: 20_000 });
    const count = (selector: string) => page.locator(selector).count();
    const found = {
      live: await count(".kontrast-live svg.main-svg >> nth=0"),
      liveFigures: await count(".kontrast-live"),
      still: await count(".kontrast-static > svg"),
      pictures: await count(".kontrast-static > img"),
      requests: requests.filter(
        (url) => !url.startsWith("file:") && !url.startsWith("data:") && !url.startsWith("blob:"),
      ),
      problems,
      title: await page.title(),
    };
    await page.close();
    return found;
  }

  it("opens a saved page without network and makes the figure interactive", async () => {
    const path = join(folder, "loss.html");
    await lossCurves(sampleLosses("</script><b>--> SCE")).save(path);
    const found = await look(await readFile(path, "utf8"));
    expect(found).toMatchObject({ live: 1, liveFigures: 1, still: 0, requests: [], problems: [] });
    expect(found.title).toBe("Training loss (nats)");
  });

  it("shows the static image where the library is missing", async () => {
    const html = await lossCurves(sampleLosses("SCE")).toHtml();
    expect(html).not.toContain(marker);
    expect(html.length).toBeLessThan(100_000);
    expect(await look(html)).toMatchObject({ liveFigures: 0, still: 1, requests: [], problems: [] });
  });

  it("puts the library on a notebook's page once and upgrades all figures, whichever comes first", async () => {
    fakeCell({ key: "cell-1" });
    const first = String((await toMimeBundle(lossCurves(sampleLosses("SCE"))))["text/html"]);
    const second = String((await toMimeBundle(lossCurves(sampleLosses("SimCLR"))))["text/html"]);
    fakeCell({ key: "cell-2" });
    const third = String((await toMimeBundle(lossCurves(sampleLosses("MoCo"))))["text/html"]);
    fakeCell({ key: "cell-1" });
    const rerun = String((await toMimeBundle(lossCurves(sampleLosses("SCE"))))["text/html"]);
    expect([first, second, third, rerun].map((html) => html.split(marker).length - 1)).toEqual([1, 0, 0, 1]);

    const found = await look(`<!DOCTYPE html><meta charset="utf-8">${third}${second}${first}${second}`);
    expect(found).toMatchObject({ liveFigures: 4, still: 0, requests: [], problems: [] });
  });

  it("survives a page that loads modules with RequireJS", async () => {
    const define = "<script>window.define=Object.assign(()=>{throw new Error('captured')},{amd:true});</script>";
    const html = `${define}${await libraryScript()}${await lossCurves(sampleLosses("SCE")).toHtml()}`;
    expect(await look(html)).toMatchObject({ liveFigures: 1, still: 0, problems: [] });
  });

  it("escapes what users name", async () => {
    const evil = '</script><script>document.title="caught"</script><img src=x onerror=document.title="caught">\u2028';
    const labels = [0, 1];
    const plot = umapPlot(
      [
        [0, 0],
        [1, 1],
      ],
      { labels, classNames: [evil, "b"], title: evil },
    );
    const html = await plot.toHtml({ library: true });
    expect(html.slice(html.lastIndexOf("<script>"))).not.toContain("\u2028");
    expect((await look(html)).title).not.toBe("caught");
  });

  it("bundles an SVG image and a summary, or a PNG image when the SVG is large", async () => {
    const small = await toMimeBundle(lossCurves(sampleLosses("SCE")));
    expect(Object.keys(small)).toEqual(["text/html", "image/svg+xml", "text/plain"]);
    expect(small["text/plain"]).toContain("SCE: ");
    const points = Array.from({ length: 2500 }, (_, item) => [Math.sin(item), Math.cos(item * 3)]);
    const large = await toMimeBundle(umapPlot(points, { labels: points.map(() => 0) }));
    expect(Object.keys(large)).toEqual(["text/html", "image/png", "text/plain"]);
    expect(await look(String(large["text/html"]))).toMatchObject({ pictures: 1, still: 0 });
    expect(String(large["text/html"]).length).toBeLessThan(400_000);
  });

  it("draws any plotly specification", async () => {
    const figure = createFigure({
      summary: "a bar",
      spec: { data: [{ type: "bar", x: ["a"], y: [1] }], layout: { width: 200, height: 150 } },
    });
    expect(await figure.toSvg()).toContain("<title>a bar</title>");
  });
});
