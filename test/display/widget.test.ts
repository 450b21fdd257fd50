import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { displaySymbol, receiveComm, widget } from "../../src/display/index.js";
import { joinBuffers, splitBuffers } from "../../src/display/widget/buffers.js";
import { fakeCell } from "./fakeCell.js";

let cell: ReturnType<typeof fakeCell> | undefined;
afterEach(() => {
  cell?.end();
  vi.unstubAllEnvs();
});

describe("buffers of a state", () => {
  test("are taken out and put back, wherever they are", () => {
    const state = {
      a: 1,
      bytes: new Uint8Array([1]),
      deep: { list: [0, new Float32Array([1]), { x: new Uint8Array([2]) }] },
    };
    const split = splitBuffers(state);
    expect(split.state).toEqual({ a: 1, deep: { list: [0, null, {}] } });
    expect(split.bufferPaths).toEqual([["bytes"], ["deep", "list", 1], ["deep", "list", 2, "x"]]);
    const joined = joinBuffers(split.state, split.bufferPaths, split.buffers);
    expect(joined).toMatchObject({
      bytes: new Uint8Array([1]),
      deep: { list: [0, new Uint8Array([0, 0, 128, 63]), {}] },
    });
  });

  test("property: any state of JSON and bytes survives the trip", () => {
    const bytes = fc.uint8Array({ maxLength: 5 });
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.string(),
        bytes,
        fc.array(tie("any"), { maxLength: 3 }),
        tie("object"),
      ),
      object: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), { noNullPrototype: true }),
    })).object;
    fc.assert(
      fc.property(value, (state) => {
        const split = splitBuffers(state as Record<string, unknown>);
        JSON.stringify(split.state);
        expect(joinBuffers(split.state, split.bufferPaths, split.buffers)).toEqual(state);
      }),
    );
  });
});

test("nothing in the state or the code can leave its script", () => {
  cell = fakeCell();
  const evil = '</script><script>alert("x")</script><!--';
  const bundle = widget({ state: { evil }, esm: `// ${evil}` })[displaySymbol]();
  const html = String(bundle["text/html"]);
  expect(html.match(/<\/script/g)).toHaveLength(1);
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toContain("<!--");
  expect(html).toContain("&lt;/script&gt;");
});

test("changes made in one go are one message, and each listener hears of its own", async () => {
  cell = fakeCell();
  const heard: unknown[] = [];
  const shared = widget({ state: { a: 1, b: 2 }, esm: "" });
  shared.on("change:a", (value) => heard.push(["a", value]));
  shared.on("msg:custom", (content) => heard.push(content));
  const open = { comm_id: "view", target_name: "kontrast.widget", data: { id: shared.id } };
  receiveComm({ type: "comm_open", content: open, metadata: {}, buffers: [] });
  cell.broadcasts.length = 0;
  shared.set({ a: 5 });
  shared.set({ b: 6 });
  await null;
  expect(cell.broadcasts.map(({ content }) => content["data"])).toEqual([
    { method: "update", state: { a: 5, b: 6 }, buffer_paths: [] },
  ]);
  const custom = { comm_id: "view", data: { method: "custom", content: { click: 1 } } };
  receiveComm({ type: "comm_msg", content: custom, metadata: {}, buffers: [] });
  expect(heard).toEqual([["a", 5], { click: 1 }]);
  shared.close();
  expect(cell.broadcasts.at(-1)?.msgType).toBe("comm_close");
});

test("goes through Jupyter's manager of widgets only where that is known to work", () => {
  cell = fakeCell();
  vi.stubEnv("KONTRAST_WIDGETS", "jupyter");
  const mime = "application/vnd.jupyter.widget-view+json";
  expect(widget({ state: {}, esm: "" })[displaySymbol]()).toHaveProperty([mime]);
  expect(cell.broadcasts[0]).toMatchObject({ msgType: "comm_open", metadata: { version: "2.1.0" } });
  vi.stubEnv("KONTRAST_WIDGETS", "own");
  expect(widget({ state: {}, esm: "" })[displaySymbol]()).not.toHaveProperty([mime]);
});
