import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import type { FrontEnd } from "./scenario.js";
import { notebookOf, pictures } from "./server.js";

/** A JupyterLab that runs somewhere: its address, and the token that it asks for. */
export interface LabServer {
  readonly url: string;
  readonly token: string;
}

/** An address as the server prints it, such as `http://127.0.0.1:8888/lab?token=…`. */
export function labServer(address: string): LabServer {
  const { origin, pathname, searchParams } = new URL(address);
  const base = pathname.replace(/\/(lab|tree|notebooks)(\/.*)?$/, "").replace(/\/$/, "");
  return { url: origin + base, token: searchParams.get("token") ?? "" };
}

/** Has the server keep a notebook of these cells. */
export async function putNotebook({ url, token }: LabServer, name: string, cells: readonly string[]): Promise<void> {
  const answer = await fetch(`${url}/api/contents/${name}`, {
    method: "PUT",
    headers: { Authorization: `token ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ type: "notebook", format: "json", content: notebookOf(cells) }),
  });
  if (!answer.ok) throw new Error(`putNotebook: ${url} answers ${answer.status}: ${await answer.text()}`);
}

/** Has the server forget a notebook and end its kernel. */
export async function deleteNotebook({ url, token }: LabServer, name: string): Promise<void> {
  const headers = { Authorization: `token ${token}` };
  const sessions = (await (await fetch(`${url}/api/sessions`, { headers })).json()) as { id: string; path: string }[];
  for (const { id } of sessions.filter(({ path }) => path === name)) {
    await fetch(`${url}/api/sessions/${id}`, { method: "DELETE", headers });
  }
  await fetch(`${url}/api/contents/${name}`, { method: "DELETE", headers });
}

/** A notebook in JupyterLab 4. */
export class Lab implements FrontEnd {
  readonly page: Page;
  readonly proposals: Locator;
  readonly explanation: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.proposals = page.locator(".jp-Completer");
    this.explanation = page.locator(".jp-Tooltip");
  }

  /** Opens a notebook and waits for its kernel. The window is high: what is not in sight has no elements. */
  static async open(browser: Browser, { url, token }: LabServer, name: string): Promise<Lab> {
    const page = await browser.newPage({ viewport: { width: 1300, height: 3600 } });
    await page.goto(`${url}/lab/tree/${name}?token=${token}`);
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
    return new Lab(page);
  }

  cell(index: number): Locator {
    return this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
  }

  output(index: number): Locator {
    return this.cell(index).locator(".jp-Cell-outputArea");
  }

  async enter(index: number): Promise<void> {
    await this.cell(index).locator(".cm-content").click();
  }

  async run(index: number, options: { wait?: boolean } = {}): Promise<void> {
    const started = this.cell(index)
      .locator(".jp-InputPrompt")
      .filter({ hasText: /\[(\d+|\*)\]/ });
    // The page takes no commands while it is still connecting, and does not say so.
    for (let attempt = 0; attempt < 20; attempt++) {
      await this.enter(index);
      await this.page.keyboard.press("Control+Enter");
      await this.page.waitForTimeout(500);
      if ((await started.count()) > 0) break;
    }
    if (options.wait ?? true) await this.done(index);
  }

  async done(index: number): Promise<void> {
    const prompt = this.cell(index).locator(".jp-InputPrompt");
    await prompt.filter({ hasText: /\[\d+\]/ }).waitFor({ timeout: 60_000 });
  }

  async stop(): Promise<void> {
    await this.page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  }

  async type(index: number, text: string): Promise<void> {
    await this.enter(index);
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.type(text);
  }

  /** Puts a breakpoint before a line of a cell, from 1, with the mouse; the debugger must be on. */
  async breakAt(index: number, line: number): Promise<void> {
    const gutter = this.cell(index).locator(".cm-breakpoint-gutter .cm-gutterElement");
    await gutter.nth(line).click();
    await this.page
      .locator(".jp-DebuggerBreakpoint")
      .filter({ hasText: new RegExp(`${line}$`) })
      .waitFor();
  }

  async picture(name: string, part?: Locator): Promise<void> {
    await mkdir(pictures, { recursive: true });
    await (part ?? this.page).screenshot({ path: join(pictures, `lab-${name}.png`) });
  }
}
