/**
 * Tries the kernel in a JupyterLab that runs already, in a browser, as a person would; keeps pictures.
 *
 *     npm run try:lab -- 'http://127.0.0.1:8888/lab?token=…'
 *
 * The server must know the kernel (`npx kontrast install`). It gets a notebook, kontrast-try-….ipynb, which is
 * deleted at the end. KONTRAST_CHROMIUM names the browser. Exit status: 0 if everything worked.
 */
import type { Browser } from "playwright-core";
import { openBrowser } from "../figures/browser.js";
import { deleteNotebook, Lab, type LabServer, labServer, putNotebook } from "./lab.js";
import { at, notebookCells, scenario } from "./scenario.js";
import { pictures } from "./server.js";

const name = `kontrast-try-${process.pid}.ipynb`;

const tries: Readonly<Record<string, (lab: Lab) => Promise<void>>> = {
  ...scenario,

  async "stops at a breakpoint, shows stack and variables, steps, and goes on"(lab) {
    const toggle = lab.page.locator(".jp-DebuggerBugButton, [data-command='debugger:toggle']").first();
    await toggle.click();
    await lab.cell(at("debugged")).locator(".cm-breakpoint-gutter").waitFor();
    await lab.breakAt(at("debugged"), 4);
    await lab.run(at("debugged"), { wait: false });
    const panel = lab.page.locator(".jp-DebuggerSidebar");
    await panel.locator(".jp-DebuggerCallstack").filter({ hasText: "total" }).waitFor({ timeout: 20_000 });
    await panel
      .locator(".jp-DebuggerVariables")
      .filter({ hasText: /sum[\s\S]*6/ })
      .waitFor();
    await lab.page.waitForTimeout(500); // for the picture: the panels still move
    await lab.picture("debugger");
    await lab.page.locator('[data-command="debugger:next"]').first().click();
    await lab.page.waitForTimeout(500);
    await lab.page.locator('[data-command="debugger:continue"]').first().click();
    await lab.done(at("debugged"));
    await lab.output(at("debugged")).filter({ hasText: "6" }).waitFor();
    await toggle.click();
  },
};

async function tryAll(browser: Browser, server: LabServer): Promise<number> {
  await putNotebook(server, name, notebookCells);
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
