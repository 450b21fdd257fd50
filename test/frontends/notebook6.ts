import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import type { FrontEnd } from "./scenario.js";
import { pictures } from "./server.js";

/** A notebook in Notebook 6. */
export class Notebook6 implements FrontEnd {
  readonly page: Page;
  readonly proposals: Locator;
  readonly explanation: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.proposals = page.locator("#complete option");
    this.explanation = page.locator("#tooltip");
  }

  /** Opens a notebook and waits for its kernel. */
  static async open(browser: Browser, url: string, name: string): Promise<Notebook6> {
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    await page.goto(`${url}/notebooks/${name}`);
    await page.waitForSelector("#kernel_indicator_icon.kernel_idle_icon", { timeout: 30_000 });
    return new Notebook6(page);
  }

  cell(index: number): Locator {
    return this.page.locator(".cell").nth(index);
  }

  output(index: number): Locator {
    return this.cell(index).locator(".output_wrapper .output");
  }

  /** Puts the cursor into a cell. */
  async enter(index: number): Promise<void> {
    await this.cell(index).locator(".CodeMirror").click();
  }

  async run(index: number, options: { wait?: boolean } = {}): Promise<void> {
    await this.enter(index);
    await this.page.keyboard.press("Control+Enter");
    if (options.wait ?? true) await this.done(index);
  }

  async done(index: number): Promise<void> {
    const prompt = this.cell(index).locator(".input_prompt");
    await prompt.filter({ hasText: /\[\d+\]/ }).waitFor({ timeout: 60_000 });
  }

  async stop(): Promise<void> {
    await this.page.locator("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']").click();
  }

  async type(index: number, text: string): Promise<void> {
    await this.enter(index);
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.type(text);
  }

  async picture(name: string, part?: Locator): Promise<void> {
    await mkdir(pictures, { recursive: true });
    await (part ?? this.page).screenshot({ path: join(pictures, `notebook6-${name}.png`) });
  }
}
