import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Notebook, notebookToHtml, readNotebook } from "../../src/notebook/index.js";
import { openBrowser } from "../figures/browser.js";

const run = promisify(execFile);
const data = process.env["KONTRAST_DATA_DIR"] ?? resolve("../shared/data");

/** The main job from end to end: minutes, most of which is training. */
describe("the quickstart notebook, executed by stock nbclient", () => {
  let folder: string;
  let notebook: Notebook;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kontrast-quickstart-"));
    await run(process.execPath, ["dist/cli/main.js", "install", "--prefix", folder]);
    const env = { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter"), KONTRAST_DATA_DIR: data };
    const output = join(folder, "quickstart.ipynb");
    await run("/usr/bin/python3", ["test/notebooks/nbclient_quickstart.py", output], { env, maxBuffer: 2 ** 24 });
    notebook = await readNotebook(output);
  }, 1_500_000);
  afterAll(() => rm(folder, { recursive: true }));

  const texts = () =>
    notebook.cells.flatMap((cell) =>
      cell.cell_type === "code"
        ? cell.outputs.map((output) => ("data" in output ? String(output.data["text/plain"]) : ""))
        : [],
    );

  test("every method beats the random encoder and raw pixels on the linear probe", () => {
    const table = texts().find((text) => text.includes("linear probe"));
    const score = (name: string) => Number(new RegExp(`^${name} +([\\d.]+)`, "m").exec(table ?? "")?.[1]);
    const floor = Math.max(score("raw pixels"), score("random encoder"));
    for (const method of ["simclr", "moco", "sce"]) expect(score(method), method).toBeGreaterThan(floor);
  });

  test("SCE relieves false negatives, SimCLR and MoCo do not", () => {
    const table = texts().find((text) => text.includes("netForce")) ?? "";
    const [header = "", ...rows] = table.split("\n").filter((line) => /^(method|simclr|moco|sce) /.test(line));
    const column = header.split(/ +/).indexOf("relief");
    const relief = Object.fromEntries(rows.map((row) => [row.split(/ +/)[0], Number(row.split(/ +/)[column])]));
    expect(relief).toMatchObject({ simclr: 0, moco: 0 });
    expect(relief["sce"]).toBeGreaterThan(0.01);
  });

  test("real Fashion-MNIST is trained on where it is at hand, else the text says what to run", () => {
    const atHand = existsSync(join(data, "fashion-mnist"));
    expect(texts().at(-1)).toContain(
      atHand ? "Fashion-MNIST, 2048 held-out images; chance is 0.1" : "npx kontrast data get fashion-mnist",
    );
  });

  test("its page opens without network and shows every figure", async () => {
    const page = join(folder, "quickstart.html");
    await writeFile(page, notebookToHtml(notebook));
    const browser = await openBrowser();
    try {
      const tab = await browser.newPage();
      const problems: string[] = [];
      tab.on("pageerror", (error) => problems.push(String(error)));
      tab.on("request", (request) => request.url().startsWith("http") && problems.push(request.url()));
      await tab.goto(pathToFileURL(page).href);
      const figures = await tab.locator("[data-kontrast-figure]").count();
      expect(figures).toBe(6);
      await expect
        .poll(() => tab.locator("[data-kontrast-figure]:has(svg.main-svg)").count(), { timeout: 30_000 })
        .toBe(figures);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
