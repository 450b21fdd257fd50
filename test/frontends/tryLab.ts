/**
 * Tries the kernel in a JupyterLab that runs already, in a browser, as a person would; keeps pictures.
 *
 *     npm run try:lab -- 'http://127.0.0.1:8888/lab?token=…'
 *
 * The server must know the kernel (`npx kontrast install`). It gets a notebook, kontrast-try-….ipynb, which is
 * deleted at the end. KONTRAST_CHROMIUM names the browser. Exit status: 0 if everything worked.
 */
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { openBrowser } from "../figures/browser.js";
import { cells } from "./cells.js";
import { deleteNotebook, Lab, type LabServer, labServer, putNotebook } from "./lab.js";
import { pictures } from "./server.js";

const name = `kontrast-try-${process.pid}.ipynb`;
const names = Object.keys(cells) as (keyof typeof cells)[];
const at = (cell: keyof typeof cells) => names.indexOf(cell);

/** What is tried, in this order, in one notebook. */
const tries: Readonly<Record<string, (lab: Lab) => Promise<void>>> = {
  async "runs cells: values, print, errors at their lines, tables"(lab) {
    for (const cell of ["value", "wrong", "thrown", "table"] as const) await lab.run(at(cell));
    assert.match(await lab.output(at("value")).innerText(), /printed\s+(\[\d+\]:)?\s*42/);
    assert.match(await lab.output(at("wrong")).innerText(), /TS2322 in cell 2, line 1, column 7/);
    assert.match(await lab.output(at("thrown")).innerText(), /at cell 3, line 2, column 9, in fail/);
    assert.ok((await lab.output(at("table")).locator("td").allInnerTexts()).includes("SimCLR"));
    await lab.picture("cells");
  },
  async "stops an endless loop and keeps the variables"(lab) {
    await lab.run(at("loop"), { wait: false });
    await lab.output(at("loop")).filter({ hasText: "loops" }).waitFor();
    await lab.stop();
    await lab.done(at("loop"));
    assert.match(await lab.output(at("loop")).innerText(), /Interrupted/);
    await lab.run(at("kept"));
    assert.match(await lab.output(at("kept")).innerText(), /43/);
  },
  async "completes with Tab, with types"(lab) {
    await lab.type(at("kept"), "\nanswer.to");
    await lab.page.keyboard.press("Tab");
    const completer = lab.page.locator(".jp-Completer");
    await completer.filter({ hasText: "toPrecision" }).waitFor();
    await lab.page.waitForTimeout(300);
    await lab.picture("completion", lab.cell(at("kept")).locator("xpath=.."));
    await lab.page.keyboard.press("Escape");
  },
  async "explains with Shift+Tab"(lab) {
    await lab.type(at("kept"), "Precision");
    await lab.page.keyboard.press("Shift+Tab");
    await lab.page.locator(".jp-Tooltip").filter({ hasText: "toPrecision(precision?: number" }).waitFor();
    await lab.page.keyboard.press("Escape");
  },
  async "moves a progress bar in place, over a comm"(lab) {
    await lab.run(at("progress"), { wait: false });
    const bar = lab.output(at("progress")).locator("progress");
    await bar.waitFor({ timeout: 60_000 });
    const values = new Set<number>();
    for (let look = 0; look < 15; look++) {
      values.add(await bar.evaluate((element) => (element as unknown as { value: number }).value));
      await lab.page.waitForTimeout(150);
    }
    assert.ok(values.size > 5, `the bar has shown ${[...values]}`);
    await lab.picture("progress", lab.cell(at("progress")));
    await lab.done(at("progress"));
    await lab
      .output(at("progress"))
      .filter({ hasText: /60\/60 .* took/ })
      .waitFor();
  },
  async "shows an interactive figure"(lab) {
    await lab.run(at("figure"));
    const figure = lab.output(at("figure"));
    await figure.locator(".kontrast-live svg.main-svg").first().waitFor({ timeout: 30_000 });
    const box = await figure.locator(".nsewdrag").first().boundingBox();
    const text = figure.locator(".hoverlayer .hovertext").first();
    for (let y = 0; y < (box?.height ?? 0) && !(await text.isVisible()); y += 8) {
      await lab.page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + y);
      await lab.page.waitForTimeout(60);
    }
    assert.match((await text.textContent()) ?? "", /step \d+: [\d.]+ nats/);
    await lab.picture("figure", lab.cell(at("figure")));
  },
  async "a view of a widget and the kernel move each other"(lab) {
    await lab.run(at("slider"));
    const input = lab.output(at("slider")).locator("input.kontrast-slider");
    await input.waitFor();
    await input.fill("60");
    await lab.output(at("slider")).filter({ hasText: "moved to 60" }).waitFor();
    await lab.run(at("moved"));
    assert.match(await lab.output(at("moved")).innerText(), /60/);
    await lab.run(at("set"));
    for (let look = 0; look < 30 && (await input.inputValue()) !== "75"; look++) await lab.page.waitForTimeout(100);
    assert.equal(await input.inputValue(), "75");
    await lab.picture("widget", lab.cell(at("slider")));
  },
  async "shows a tensor as an image"(lab) {
    await lab.run(at("image"));
    await lab.output(at("image")).locator("img").waitFor();
  },
  async "stops at a breakpoint, shows stack and variables, steps, and goes on"(lab) {
    await lab.page.locator(".jp-DebuggerBugButton, [data-command='debugger:toggle']").first().click();
    await lab.cell(at("debugged")).locator(".cm-breakpoint-gutter").waitFor();
    await lab.breakAt(at("debugged"), 4);
    await lab.run(at("debugged"), { wait: false });
    const panel = lab.page.locator(".jp-DebuggerSidebar");
    await panel.locator(".jp-DebuggerCallstack").filter({ hasText: "total" }).waitFor({ timeout: 20_000 });
    await panel.locator(".jp-DebuggerVariables").filter({ hasText: /sum/ }).waitFor();
    await lab.page.waitForTimeout(500);
    assert.match(await panel.locator(".jp-DebuggerVariables").innerText(), /sum[\s\S]*6/);
    await lab.picture("debugger");
    await lab.page.locator('[data-command="debugger:next"]').first().click();
    await lab.page.waitForTimeout(500);
    await lab.page.locator('[data-command="debugger:continue"]').first().click();
    await lab.done(at("debugged"));
    assert.match(await lab.output(at("debugged")).innerText(), /6/);
    await lab.page.locator(".jp-DebuggerBugButton, [data-command='debugger:toggle']").first().click();
  },
};

async function tryAll(browser: Browser, server: LabServer): Promise<number> {
  await putNotebook(
    server,
    name,
    names.map((cell) => cells[cell]),
  );
  const lab = await Lab.open(browser, server, name);
  let failed = 0;
  for (const [title, attempt] of Object.entries(tries)) {
    try {
      await attempt(lab);
      process.stdout.write(`✓ ${title}\n`);
    } catch (error) {
      failed++;
      process.stdout.write(`✗ ${title}\n${(error as Error).message}\n`);
      await lab.picture(`failed-${failed}`);
    }
  }
  await lab.page.close();
  return failed;
}

const [address] = process.argv.slice(2);
if (!address) {
  process.stderr.write("tryLab: give the address that JupyterLab has printed, with its token\n");
  process.exitCode = 2;
} else {
  const server = labServer(address);
  const browser = await openBrowser();
  try {
    const failed = await tryAll(browser, server);
    process.stdout.write(
      `${Object.keys(tries).length - failed} of ${Object.keys(tries).length} worked; pictures are in ${pictures}\n`,
    );
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    await browser.close();
    await deleteNotebook(server, name);
  }
}
