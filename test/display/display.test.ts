import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { table as arqueroTable } from "arquero";
import { afterEach, expect, it, vi } from "vitest";
import { setCurrentCell } from "../../src/display/cell.js";
import {
  display,
  displaySymbol,
  displaysSettled,
  holdPlaces,
  inspectLine,
  row,
  table,
  toMimeBundle,
} from "../../src/display/index.js";
import { fakeCell } from "./fakeCell.js";

afterEach(() => setCurrentCell(undefined));

it("shows values in the order of the calls, whoever is ready first", async () => {
  const { shown } = fakeCell();
  const slow = { [displaySymbol]: async () => sleep(30).then(() => ({ "text/plain": "slow" })) };
  void display(slow);
  void display(1);
  await displaysSettled(1);
  expect(shown.map(({ bundle }) => bundle["text/plain"])).toEqual(["slow", "1"]);
});

it("replaces what was shown under the same id", async () => {
  const { shown } = fakeCell();
  const handle = await display(1, { displayId: "loss" });
  await handle.update(2);
  expect(shown).toMatchObject([
    { kind: "display", bundle: { "text/plain": "1" }, displayId: "loss" },
    { kind: "update", bundle: { "text/plain": "2" }, displayId: "loss" },
  ]);
});

it("cuts no character in two", async () => {
  const faces = "😀".repeat(30_000);
  for (const start of ["", "a"]) {
    const texts = [table([{ text: start + faces }]), { [inspect.custom]: () => start + faces }];
    for (const shown of texts) {
      const text = String((await toMimeBundle(shown))["text/plain"]);
      expect(text).toMatch(/😀…|more characters$/);
      expect(text).not.toMatch(/\p{Surrogate}/u);
    }
    expect(inspectLine({ [inspect.custom]: () => start + faces })).toMatch(/^a?(😀)+…$/u);
  }
});

it("shows at once what can be drawn at once", async () => {
  const { shown } = fakeCell();
  const handle = display(row(1, table([{ a: 1 }])));
  expect(shown).toHaveLength(1);
  void (await handle).update(2);
  expect(shown).toHaveLength(2);
});

it("keeps the place of what takes time, where something else is shown meanwhile", async () => {
  const { shown } = fakeCell();
  const slow = (text: string) => sleep(10).then(() => ({ [displaySymbol]: () => ({ "text/plain": text }) }));
  void display(slow("first"), { displayId: "one" });
  void display(2, { displayId: "two" });
  expect(shown).toEqual([]);
  holdPlaces();
  holdPlaces();
  void display(3, { displayId: "three" });
  await displaysSettled(1);
  expect(shown.map(({ kind, bundle, displayId }) => [kind, bundle["text/plain"], displayId])).toEqual([
    ["display", "", "one"],
    ["display", "", "two"],
    ["update", "first", "one"],
    ["update", "2", "two"],
    ["display", "3", "three"],
  ]);
});

it("draws nothing anew for a value that nobody has overtaken", async () => {
  const { shown } = fakeCell();
  await display(Promise.resolve(1), { metadata: { isolated: true } });
  expect(shown).toMatchObject([{ kind: "display", bundle: { "text/plain": "1" }, metadata: { isolated: true } }]);
});

it("passes a promise's failure to the caller and goes on with the next", async () => {
  const { shown } = fakeCell();
  await expect(display(Promise.reject(new Error("nothing came")))).rejects.toThrow("nothing came");
  await display(1);
  expect(shown).toHaveLength(1);
});

it("shows what it can of a value that fails, and why", async () => {
  const { shown } = fakeCell();
  await display({ x: 1, [displaySymbol]: () => Promise.reject(new Error("cannot draw")) });
  expect(shown[0]?.bundle["text/plain"]).toMatch(
    /^\{ x: 1, .*\n\nShown as plain text, .*\nError: cannot draw\n {4}at /,
  );
});

it("prints the text in a plain script", async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await display({ a: 1 });
  expect(write).toHaveBeenCalledWith("{ a: 1 }\n");
  write.mockRestore();
});

it("puts values side by side, escaping plain text", async () => {
  const bundle = await toMimeBundle(row("<b>", table([{ a: 1 }])));
  expect(bundle["text/html"]).toContain("<pre>&#39;&lt;b&gt;&#39;</pre>");
  expect(bundle["text/html"]).toContain("<table");
});

it("rejects a column that is not there", () => {
  expect(() => table([{ a: 1 }], { columns: ["b"] })).toThrow(new RangeError('table: no column "b"; there are "a"'));
});

it("says that there are no rows, and which columns there would be", async () => {
  expect(await toMimeBundle(table([]))).toMatchObject({
    "text/plain": "0 rows",
    "text/html": expect.stringContaining("0 rows"),
  });
  expect((await toMimeBundle(table([], { columns: ["a", "bc"] })))["text/plain"]).toBe("a  bc\n─  ──\n0 rows");
  expect((await toMimeBundle(table(arqueroTable({ a: [] }), { caption: "none" })))["text/plain"]).toBe(
    "none\na\n─\n0 rows",
  );
  expect((await toMimeBundle(table([{}, {}])))["text/plain"]).toBe("2 rows without columns");
});

it("limits columns and cells, and says how all are shown", async () => {
  const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`c${index}`, index]));
  const bundle = await toMimeBundle([wide]);
  const note = "… 950 more columns; table(rows, { columns: Object.keys(rows[0]) }) shows all";
  expect(bundle["text/plain"]).toMatch(/ c48 {2}c49\n/);
  expect(bundle["text/plain"]).toContain(`\n${note}`);
  expect(bundle["text/html"]).toContain(`<em>${note}</em>`);
  expect((await toMimeBundle(table([wide], { columns: Object.keys(wide) })))["text/plain"]).toMatch(/ c999\n/);
  expect(String((await toMimeBundle(table([{ a: "x".repeat(2000), b: wide }])))["text/plain"]).length).toBeLessThan(
    6100,
  );
});

it("gives the numbers of a column the same decimals and keeps what these would lose", async () => {
  const bundle = await toMimeBundle(
    table([{ x: 0.9 }, { x: 0.12345 }, { x: 1e-9 }, { x: -0.00001 }, { x: Number.NaN }]),
  );
  expect(bundle["text/plain"]).toBe(
    ["       x", "────────", "  0.9000", "  0.1235", " 1.00e-9", "-1.00e-5", "     NaN"].join("\n"),
  );
});
