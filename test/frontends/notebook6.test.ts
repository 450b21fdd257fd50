import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../figures/browser.js";
import { Notebook6 } from "./notebook6.js";
import { at, notebookCells, scenario } from "./scenario.js";
import { type JupyterServer, startNotebook6, writeNotebook } from "./server.js";

describe("Notebook 6 in a browser, without any extension", { timeout: 120_000 }, () => {
  let server: JupyterServer;
  let browser: Browser;
  let notebook: Notebook6;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startNotebook6(), openBrowser()]);
    await writeNotebook(server.folder, "tried.ipynb", notebookCells);
    notebook = await Notebook6.open(browser, server.url, "tried.ipynb");
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test.each(Object.entries(scenario))("%s", async (_title, attempt) => {
    await attempt(notebook);
  });

  test("a page that is opened again finds its kernel, and what ran meanwhile", async () => {
    await notebook.page.keyboard.press("Control+s");
    await notebook.page.waitForTimeout(500);
    await notebook.page.close();
    notebook = await Notebook6.open(browser, server.url, "tried.ipynb");
    await notebook.run(at("moved"));
    expect(await notebook.output(at("moved")).innerText()).toContain("75");
  });
});
