import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../figures/browser.js";
import { cells } from "./cells.js";
import { Notebook6 } from "./notebook6.js";
import { type JupyterServer, startNotebook6, writeNotebook } from "./server.js";

const names = Object.keys(cells) as (keyof typeof cells)[];
const at = (name: keyof typeof cells) => names.indexOf(name);

describe("Notebook 6 in a browser", { timeout: 120_000 }, () => {
  let server: JupyterServer;
  let browser: Browser;
  let notebook: Notebook6;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startNotebook6(), openBrowser()]);
    await writeNotebook(
      server.folder,
      "tried.ipynb",
      names.map((name) => cells[name]),
    );
    notebook = await Notebook6.open(browser, server.url, "tried.ipynb");
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test("runs cells: values, print, errors at their lines, tables", async () => {
    for (const name of ["value", "wrong", "thrown", "table"] as const) await notebook.run(at(name));
    expect(await notebook.output(at("value")).innerText()).toMatch(/printed\s+Out\[\d+\]:\s*42/);
    expect(await notebook.output(at("wrong")).innerText()).toMatch(/TS2322 in cell 2, line 1, column 7/);
    expect(await notebook.output(at("thrown")).innerText()).toContain("at cell 3, line 2, column 9, in fail");
    expect(await notebook.output(at("table")).locator("td").allInnerTexts()).toContain("SimCLR");
    await notebook.picture("cells");
  });

  test("stops an endless loop and keeps the variables", async () => {
    await notebook.run(at("loop"), { wait: false });
    await notebook.output(at("loop")).filter({ hasText: "loops" }).waitFor();
    await notebook.stop();
    await notebook.done(at("loop"));
    expect(await notebook.output(at("loop")).innerText()).toContain("Interrupted");
    await notebook.run(at("kept"));
    expect(await notebook.output(at("kept")).innerText()).toContain("43");
  });

  test("completes with Tab and explains with Shift+Tab", async () => {
    await notebook.type(at("kept"), "\nanswer.toFix");
    await notebook.page.keyboard.press("Tab");
    await expect.poll(() => notebook.cell(at("kept")).locator(".CodeMirror").innerText()).toContain("answer.toFixed");
    await notebook.page.keyboard.type("\nanswer.to");
    await notebook.page.keyboard.press("Tab");
    const choices = notebook.page.locator("#complete option");
    await choices.first().waitFor();
    expect(await choices.allInnerTexts()).toEqual(expect.arrayContaining(["toFixed", "toPrecision"]));
    await notebook.picture("completion");
    await notebook.page.keyboard.press("Escape");
    await notebook.type(at("kept"), "Precision");
    await notebook.page.keyboard.press("Shift+Tab");
    const tooltip = notebook.page.locator("#tooltip");
    await tooltip.filter({ hasText: "toPrecision(precision?: number" }).waitFor();
    await notebook.picture("tooltip");
    await notebook.page.keyboard.press("Escape");
  });

  test("moves a progress bar in place", async () => {
    await notebook.run(at("progress"), { wait: false });
    const bar = notebook.output(at("progress")).locator("progress");
    await bar.waitFor({ timeout: 60_000 });
    const values = new Set<number>();
    for (let look = 0; look < 15; look++) {
      values.add(await bar.evaluate((element) => (element as unknown as { value: number }).value));
      await notebook.page.waitForTimeout(150);
    }
    expect(values.size).toBeGreaterThan(5);
    await notebook.picture("progress");
    await notebook.done(at("progress"));
    await notebook
      .output(at("progress"))
      .filter({ hasText: /60\/60 .* took/ })
      .waitFor();
    expect(await notebook.output(at("progress")).locator("progress").count()).toBe(1);
  });

  test("shows an interactive figure", async () => {
    await notebook.run(at("figure"));
    const figure = notebook.output(at("figure"));
    await figure.locator(".kontrast-live svg.main-svg").first().waitFor({ timeout: 30_000 });
    await figure.scrollIntoViewIfNeeded();
    const box = await figure.locator(".nsewdrag").first().boundingBox();
    const text = figure.locator(".hoverlayer .hovertext").first();
    // From the top down, until the curve is met.
    for (let y = 0; y < (box?.height ?? 0) && !(await text.isVisible()); y += 8) {
      await notebook.page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + y);
      await notebook.page.waitForTimeout(60);
    }
    expect(await text.textContent()).toMatch(/step \d+: [\d.]+ nats/);
    await notebook.picture("figure");
  });

  test("a view of a widget and the kernel move each other, without any extension", async () => {
    await notebook.run(at("slider"));
    const input = notebook.output(at("slider")).locator("input.kontrast-slider");
    await input.waitFor();
    expect(await input.inputValue()).toBe("25");
    await input.fill("60");
    await notebook.output(at("slider")).filter({ hasText: "moved to 60" }).waitFor();
    await notebook.run(at("moved"));
    expect(await notebook.output(at("moved")).innerText()).toContain("60");
    await notebook.run(at("set"));
    await expect.poll(() => input.inputValue()).toBe("75");
    await input.scrollIntoViewIfNeeded();
    await notebook.picture("widget");
  });

  test("shows a tensor as an image", async () => {
    await notebook.run(at("image"));
    const image = notebook.output(at("image")).locator("img");
    await image.waitFor();
    expect(await image.getAttribute("src")).toMatch(/^data:image\/png;base64,/);
  });

  test("a page that is opened again finds its kernel, and what ran meanwhile", async () => {
    await notebook.run(at("kept"));
    await notebook.page.keyboard.press("Control+s");
    await notebook.page.waitForTimeout(500);
    await notebook.page.close();
    notebook = await Notebook6.open(browser, server.url, "tried.ipynb");
    await notebook.run(at("moved"));
    expect(await notebook.output(at("moved")).innerText()).toContain("75");
  });
});
