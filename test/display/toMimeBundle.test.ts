import { inspect } from "node:util";
import { table as arqueroTable } from "arquero";
import { describe, expect, it } from "vitest";
import { displaySymbol, html, md, svg, toMimeBundle } from "../../src/display/index.js";
import { tensor } from "../../src/engine/tensor.js";

function fail(): never {
  throw new Error("no");
}

describe("toMimeBundle", () => {
  it("asks the value first, also when it answers later", async () => {
    const value = { numRows: () => 1, [displaySymbol]: async () => ({ "text/plain": "mine" }) };
    expect(await toMimeBundle(value)).toEqual({ "text/plain": "mine" });
  });

  it("says what is wrong with a value's own answer", async () => {
    const value = { [displaySymbol]: () => "text" as never };
    expect((await toMimeBundle(value))["text/plain"]).toContain("must return an object of MIME types, got 'text'");
    const unsendable = { x: 1, [displaySymbol]: () => ({ "application/json": { big: 1n } }) };
    expect((await toMimeBundle(unsendable))["text/plain"]).toContain(
      "TypeError: Do not know how to serialize a BigInt",
    );
  });

  /** An object whose property `name` throws when it is read. */
  const withGetter = (name: string | symbol) => Object.defineProperty({}, name, { get: fail, enumerable: true });

  it.each<[about: string, value: unknown, shown: string]>([
    ["its display method", { x: 1, [displaySymbol]: () => fail() }, "{ x: 1, [Symbol(Jupyter.display)]: [Func"],
    ["a trap", new Proxy({ x: 1 }, { get: fail }), "{ x: 1 }\n"],
    ["all traps", new Proxy({ x: 1 }, new Proxy({}, { get: () => fail })), "{ x: 1 }\n"],
    ["a getter", withGetter("outerHTML"), "{ outerHTML: [Getter] }\n"],
    ["a row's getter", [withGetter("x")], "[ { x: [Getter] } ]\n"],
    ["inspection", { x: 1, [inspect.custom]: fail }, "{ x: 1, [Symbol(nodejs.util.inspect.custom)]: [Func"],
    ["its kind", withGetter(Symbol.toStringTag), "<object that cannot be looked at>\n"],
  ])("shows what it can of a value that fails in %s, and says what was thrown", async (_about, value, shown) => {
    const { "text/plain": text } = await toMimeBundle(value);
    expect(String(text).slice(0, shown.length)).toBe(shown);
    expect(text).toContain(
      "\n\nShown as plain text, because this was thrown while it was looked at:\nError: no\n    at ",
    );
  });

  it("asks nothing of what would fail that it does not need", async () => {
    expect(await toMimeBundle(withGetter("then"))).toEqual({ "text/plain": "{ then: [Getter] }" });
    expect(await toMimeBundle({ toString: fail })).toEqual({ "text/plain": "{ toString: [Function: fail] }" });
  });

  it("shows nothing for undefined and text without colours for the rest", async () => {
    expect(await toMimeBundle(undefined)).toEqual({});
    expect(await toMimeBundle(null)).toEqual({ "text/plain": "null" });
    expect(await toMimeBundle("a")).toEqual({ "text/plain": "'a'" });
    expect(await toMimeBundle({ a: [1, 2] })).toEqual({ "text/plain": "{ a: [ 1, 2 ] }" });
    expect(await toMimeBundle([1, 2])).toEqual({ "text/plain": "[ 1, 2 ]" });
    const long = (await toMimeBundle(new Float32Array(1e6)))["text/plain"] as string;
    expect(long.length).toBeLessThan(2000);
    expect((await toMimeBundle(new RangeError("broken")))["text/plain"]).toContain("RangeError: broken");
  });

  it("writes the first keys of large objects, wherever they are", async () => {
    const text = async (value: unknown) => (await toMimeBundle(value))["text/plain"] as string;
    const large = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]));
    expect(await text(large)).toMatch(/\n {2}k99: 99,\n {2}… 9900 more\n\}$/);
    expect(await text({ a: [large, 1] })).toMatch(/^\{\n {2}a: \[\n {4}\{\n {6}k0: 0,[^k]*k1: 1,/);
    expect((await text([[large], large, 1])).match(/… 9900 more/g)).toHaveLength(2);
    expect(Object.keys(large)).toHaveLength(10_000);
    const calls: string[] = [];
    const lazy = Object.defineProperty({ ...large }, "k0", { get: () => calls.push("called"), enumerable: true });
    expect(await text(lazy)).toContain("k0: [Getter],");
    expect(calls).toEqual([]);
    const circle: Record<string, unknown> = { ...large };
    circle["k0"] = circle;
    expect((await text(circle)).length).toBeLessThan(20_000);
    expect(await text(Object.assign(Object.create(null), large))).toMatch(/^\[Object: null prototype\] \{/);
  });

  it("cuts what is long in spite of all limits", async () => {
    const cube = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => [1, 2, 3]));
    const { "text/plain": text } = await toMimeBundle({ cube });
    expect(String(text).length).toBeLessThan(41_000);
    expect(text).toMatch(/\n… [\d,]+ more characters$/);
    expect(
      ((await toMimeBundle(new Map([["a", Array(9e4).fill("word")]])))["text/plain"] as string).length,
    ).toBeLessThan(5000);
  });

  it.each([
    ["[]", []],
    ["[ {}, {} ]", [{}, {}]],
    ["[ <2 empty items> ]", new Array(2)],
    ["[ { a: 1 }, <1 empty item> ]", Object.assign(new Array(2), { 0: { a: 1 } })],
    ["[ { a: 1 }, null ]", [{ a: 1 }, null]],
    ["[ { a: 1 }, undefined ]", [{ a: 1 }, undefined]],
  ])("takes %s for no rows", async (text, value) => {
    expect(await toMimeBundle(value)).toEqual({ "text/plain": text });
  });

  it("recognizes images by their first bytes", async () => {
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
    expect(await toMimeBundle(png)).toMatchObject({ "image/png": png.toString("base64") });
    expect(await toMimeBundle(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toHaveProperty("image/jpeg", "/9j/4A==");
    expect(Object.keys(await toMimeBundle(Buffer.from("<svg>")))).toEqual(["text/plain"]);
  });

  it("escapes rows of objects, and limits them", async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({ name: `<b>${index}`, accuracy: index / 64 }));
    const bundle = await toMimeBundle(rows);
    expect(bundle["text/html"]).toContain("&lt;b&gt;0");
    expect(bundle["text/html"]).not.toContain("<b>");
    expect(bundle["text/html"]).toContain("10 more rows");
    expect(bundle["text/plain"]).toMatch(/^name\s+accuracy\n/);
  });

  it("shows arquero tables", async () => {
    const bundle = await toMimeBundle(arqueroTable({ method: ["simclr", "sce"], accuracy: [0.5, 0.75] }));
    expect(bundle["text/plain"]).toBe("method  accuracy\n──────  ────────\nsimclr    0.5000\nsce       0.7500");
  });

  it("shows small tensors whole and of large ones the first values", async () => {
    expect(await toMimeBundle(tensor([[1, 2.5]]))).toEqual({ "text/plain": "Tensor [1, 2] float32\n[ [ 1, 2.5 ] ]" });
    const large = (await toMimeBundle(tensor(new Float32Array(1000))))["text/plain"];
    expect(large).toBe("Tensor [1000] float32\n[ 0, 0, 0, 0, 0, 0, 0, 0, … 992 more ]");
    const gone = tensor([1]);
    gone.dispose();
    expect(await toMimeBundle(gone)).toEqual({ "text/plain": "Tensor [1] float32, disposed" });
  });

  it("escapes what is put into html and svg, but not their own markup", async () => {
    const evil = '<script>alert("x")</script>';
    expect((await toMimeBundle(html`<b>${evil}</b>`))["text/html"]).toBe(
      "<b>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</b>",
    );
    expect((await toMimeBundle(html`<p>${[html`<i>a</i>`, "<"]}</p>`))["text/html"]).toBe("<p><i>a</i>&lt;</p>");
    expect((await toMimeBundle(html`${{ source: "<i>" }}`))["text/html"]).toBe("[object Object]");
    expect(await toMimeBundle(html("<i>a</i> &amp; b"))).toEqual({
      "text/html": "<i>a</i> &amp; b",
      "text/plain": "a & b",
    });
    expect(await toMimeBundle(svg`<svg><title>${"<"}</title></svg>`)).toHaveProperty(
      ["image/svg+xml"],
      "<svg><title>&lt;</title></svg>",
    );
    expect(await toMimeBundle(md`**${1}**`)).toHaveProperty(["text/markdown"], "**1**");
  });
});
