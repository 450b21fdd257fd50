import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fontFiles, plotlyFile } from "../../src/figures/export/index.js";
import type { Figure } from "../../src/figures/index.js";
import { openBrowser } from "./browser.js";
import { sampleFigures } from "./samples.js";

interface TextBox {
  text: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Chromium draws the same specification with the same font and is right by definition; what is drawn without a browser
 * has to put every text at the same place.
 */
describe("drawing without a browser", () => {
  let browser: Browser;
  let page: Page;
  let figures: Record<string, Figure>;

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 900, height: 900 } });
    const face = (file: string, weight: number) =>
      `@font-face{font-family:"DejaVu Sans";font-weight:${weight};src:url(data:font/ttf;base64,${readFileSync(file, "base64")})}`;
    const style = `body{margin:0}${fontFiles.map((file, index) => face(file, index ? 700 : 400)).join("")}`;
    await page.setContent(
      `<!DOCTYPE html><style>${style}</style><b style="font-family:DejaVu Sans">a</b><i style="font-family:DejaVu Sans">a</i><div id="place"></div>`,
    );
    await page.addScriptTag({ path: plotlyFile });
    await page.evaluate("document.fonts.ready");
    figures = await sampleFigures();
  });
  afterAll(() => browser.close());

  it.each(["lossCurves", "umapPlot", "falseNegativeBars", "narrowBars", "pairMatrices", "queueMatrices"])(
    "places the texts of %s within 2 pixels of the browser's, inside the image and apart",
    async (name) => {
      const figure = figures[name] as Figure;
      const expected = await drawnByPlotly(page, figure);
      const found = await textBoxes(page, await figure.toSvg());
      expect(found.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
      expect(found.length).toBeGreaterThan(4);
      const { width, height } = figure.spec.layout;
      for (const [index, box] of found.entries()) {
        const browserBox = expected[index] as TextBox;
        for (const side of ["left", "top", "right", "bottom"] as const) {
          expect(Math.abs(box[side] - browserBox[side]), `${side} of "${box.text}"`).toBeLessThanOrEqual(2);
        }
        const inside = box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
        expect(inside, `"${box.text}" inside ${width} × ${height}: ${JSON.stringify(box)}`).toBe(true);
      }
      expect(overlaps(found)).toEqual([]);
    },
  );

  it("draws the same image each time, with ids of its own, and says what it shows and where it is from", async () => {
    const { lossCurves, umapPlot } = (await sampleFigures()) as { lossCurves: Figure; umapPlot: Figure };
    const svg = await lossCurves.toSvg();
    const again = await (await sampleFigures())["lossCurves"]?.toSvg();
    expect(again === svg).toBe(true);
    const document = new JSDOM(svg, { contentType: "image/svg+xml" }).window.document;
    expect(document.querySelector("title")?.textContent).toContain("Training loss");
    expect(JSON.parse(document.querySelector("metadata")?.textContent ?? "")).toMatchObject({ node: process.version });
    const ids = (text: string) => [...text.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    const other = new Set(ids(await umapPlot.toSvg()));
    expect(ids(svg).length).toBeGreaterThan(3);
    expect(ids(svg).filter((id) => other.has(id))).toEqual([]);
    const known = new Set(ids(svg));
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(known).toContain(id);
  });
});

/** What the page's scripts see; the tests themselves are not compiled with the types of a browser. */
interface PageGlobals {
  Plotly: { newPlot(place: unknown, data: unknown, layout: unknown, config: unknown): Promise<unknown> };
  document: { getElementById(id: string): { innerHTML: string; firstChild: unknown } };
}

async function drawnByPlotly(page: Page, { spec }: Figure): Promise<TextBox[]> {
  await page.evaluate(
    async ({ data, layout }) => {
      const { Plotly, document } = globalThis as unknown as PageGlobals;
      const place = document.getElementById("place");
      place.innerHTML = "<div></div>";
      await Plotly.newPlot(place.firstChild, data, layout, { staticPlot: true });
    },
    JSON.parse(JSON.stringify(spec)),
  );
  return page.evaluate<TextBox[]>(measure);
}

async function textBoxes(page: Page, svg: string): Promise<TextBox[]> {
  await page.evaluate((markup) => {
    (globalThis as unknown as PageGlobals).document.getElementById("place").innerHTML = markup;
  }, svg);
  return page.evaluate<TextBox[]>(measure);
}

/** Runs in the page: the boxes of all texts, sorted by text and place. */
const measure = `
[...document.querySelectorAll("#place text")].filter((t) => t.textContent.trim() && !t.closest(".js-plotly-tester")).map((t) => {
  const { left, top, right, bottom } = t.getBoundingClientRect();
  const zero = document.getElementById("place").getBoundingClientRect();
  return { text: t.textContent, left: left - zero.left, top: top - zero.top, right: right - zero.left, bottom: bottom - zero.top };
}).sort((a, b) => a.text < b.text ? -1 : a.text > b.text ? 1 : a.left - b.left || a.top - b.top)`;

/** Pairs of texts that lie on each other by more than the empty rim of their boxes. */
function overlaps(boxes: TextBox[]): string[] {
  const rim = 1.5;
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (b) => a.left + rim < b.right && b.left + rim < a.right && a.top + rim < b.bottom && b.top + rim < a.bottom,
      )
      .map((b) => `${a.text} / ${b.text}`),
  );
}
