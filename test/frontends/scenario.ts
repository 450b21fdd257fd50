import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { cells } from "./cells.js";

/** A notebook in a front end, as a person has it before them. Cells are counted from 0. */
export interface FrontEnd {
  readonly page: Page;
  /** Proposals of the completion that is open. */
  readonly proposals: Locator;
  /** The explanation that is open. */
  readonly explanation: Locator;
  cell(index: number): Locator;
  output(index: number): Locator;
  /** Runs a cell by its keys, and waits for its number unless it is meant to go on. */
  run(index: number, options?: { wait?: boolean }): Promise<void>;
  done(index: number): Promise<void>;
  /** Presses the button with the square. */
  stop(): Promise<void>;
  /** Types at the end of a cell. */
  type(index: number, text: string): Promise<void>;
  /** Keeps a picture of the page, or of a part of it. */
  picture(name: string, part?: Locator): Promise<void>;
}

type Name = keyof typeof cells;

const names = Object.keys(cells) as Name[];

/** The notebook that the scenario is played in. */
export const notebookCells: readonly string[] = names.map((name) => cells[name]);

/** Where a cell is in the notebook. */
export function at(name: Name): number {
  return names.indexOf(name);
}

/** What every front end is tried with, in this order, in one notebook. */
export const scenario: Readonly<Record<string, (frontEnd: FrontEnd) => Promise<void>>> = {
  async "runs cells: values, print, errors at their lines, tables"(frontEnd) {
    for (const name of ["value", "wrong", "thrown", "table"] as const) await frontEnd.run(at(name));
    expect(await frontEnd.output(at("value")).innerText()).toMatch(/printed\s+((Out)?\[\d+\]:)?\s*42/);
    expect(await frontEnd.output(at("wrong")).innerText()).toContain("TS2322 in cell 2, line 1, column 7");
    expect(await frontEnd.output(at("thrown")).innerText()).toContain("at cell 3, line 2, column 9, in fail");
    expect(await frontEnd.output(at("table")).locator("td").allInnerTexts()).toContain("SimCLR");
    await frontEnd.picture("cells");
  },

  async "stops an endless loop and keeps the variables"(frontEnd) {
    await frontEnd.run(at("loop"), { wait: false });
    await frontEnd.output(at("loop")).filter({ hasText: "loops" }).waitFor();
    await frontEnd.stop();
    await frontEnd.done(at("loop"));
    expect(await frontEnd.output(at("loop")).innerText()).toContain("Interrupted");
    await frontEnd.run(at("kept"));
    expect(await frontEnd.output(at("kept")).innerText()).toContain("43");
  },

  async "completes with Tab and explains with Shift+Tab"(frontEnd) {
    await frontEnd.type(at("kept"), "\nanswer.to");
    await frontEnd.page.keyboard.press("Tab");
    await frontEnd.proposals.filter({ hasText: "toPrecision" }).first().waitFor();
    await sleep(300); // for the picture: the list still moves
    await frontEnd.picture("completion");
    await frontEnd.page.keyboard.press("Escape");
    await frontEnd.type(at("kept"), "Precision");
    await frontEnd.page.keyboard.press("Shift+Tab");
    await frontEnd.explanation.filter({ hasText: "toPrecision(precision?: number" }).waitFor();
    await frontEnd.picture("explanation");
    await frontEnd.page.keyboard.press("Escape");
  },

  async "moves a progress bar in place"(frontEnd) {
    const output = frontEnd.output(at("progress"));
    await frontEnd.run(at("progress"), { wait: false });
    const bar = output.locator("progress");
    await bar.waitFor({ timeout: 60_000 });
    const values = new Set<number>();
    for (let look = 0; look < 15; look++) {
      values.add(await bar.evaluate((element) => (element as unknown as { value: number }).value));
      await sleep(150);
    }
    expect(values.size).toBeGreaterThan(5);
    await frontEnd.picture("progress", frontEnd.cell(at("progress")));
    await frontEnd.done(at("progress"));
    await output.filter({ hasText: /60\/60 .* took/ }).waitFor();
    expect(await bar.count()).toBe(1);
  },

  async "shows an interactive figure"(frontEnd) {
    await frontEnd.run(at("figure"));
    const figure = frontEnd.output(at("figure"));
    await figure.locator(".kontrast-live svg.main-svg").first().waitFor({ timeout: 30_000 });
    await figure.scrollIntoViewIfNeeded();
    const box = await figure.locator(".nsewdrag").first().boundingBox();
    const text = figure.locator(".hoverlayer .hovertext").first();
    // From the top down, until the curve is met.
    for (let y = 0; y < (box?.height ?? 0) && !(await text.isVisible()); y += 8) {
      await frontEnd.page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + y);
      await sleep(60);
    }
    expect(await text.textContent()).toMatch(/step \d+: [\d.]+ nats/);
    await frontEnd.picture("figure", frontEnd.cell(at("figure")));
  },

  async "a view of a widget and the kernel move each other"(frontEnd) {
    await frontEnd.run(at("slider"));
    const input = frontEnd.output(at("slider")).locator("input.kontrast-slider");
    await input.waitFor();
    expect(await input.inputValue()).toBe("25");
    await input.fill("60");
    await frontEnd.output(at("slider")).filter({ hasText: "moved to 60" }).waitFor();
    await frontEnd.run(at("moved"));
    expect(await frontEnd.output(at("moved")).innerText()).toContain("60");
    await frontEnd.run(at("set"));
    for (let look = 0; look < 50 && (await input.inputValue()) !== "75"; look++) await sleep(100);
    expect(await input.inputValue()).toBe("75");
    await frontEnd.picture("widget", frontEnd.cell(at("slider")));
  },

  async "shows a tensor as an image"(frontEnd) {
    await frontEnd.run(at("image"));
    const image = frontEnd.output(at("image")).locator("img");
    await image.waitFor();
    expect(await image.getAttribute("src")).toMatch(/^data:image\/png;base64,/);
  },
};
