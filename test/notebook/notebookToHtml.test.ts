import { expect, test } from "vitest";
import { type Cell, type Notebook, notebookToHtml, type Output } from "../../src/notebook/index.js";

function page(cells: Partial<Cell>[], metadata: Notebook["metadata"] = {}, options?: { title?: string }): string {
  const whole = cells.map((cell, index) => ({ id: `c${index}`, metadata: {}, source: "", ...cell }) as Cell);
  return notebookToHtml({ nbformat: 4, nbformat_minor: 5, metadata, cells: whole }, options);
}

const markdown = (source: string): Partial<Cell> => ({ cell_type: "markdown", source });
const code = (source: string, ...outputs: Output[]): Partial<Cell> => ({
  cell_type: "code",
  source,
  outputs,
  execution_count: 1,
});
const shown = (data: Record<string, unknown>): Output => ({ output_type: "display_data", data, metadata: {} });
const bodyOf = (html: string) => html.slice(html.indexOf("<main>"));
const outputOf = (data: Record<string, unknown>) => bodyOf(page([code("", shown(data))]));

test("the title is the option, else the metadata's, else the first heading, else Notebook", () => {
  const cells = [markdown("text"), markdown("## Second\n\n# The *first* & only")];
  const titleOf = (html: string) => /<title>(.*)<\/title>/.exec(html)?.[1];
  expect(titleOf(page(cells, { title: "Meta" }, { title: "<Option>" }))).toBe("&lt;Option&gt;");
  expect(titleOf(page(cells, { title: "Meta" }))).toBe("Meta");
  expect(titleOf(page(cells))).toBe("The first &amp; only");
  expect(titleOf(page([]))).toBe("Notebook");
});

test("shows the richest representation of an output", () => {
  const png = Buffer.from("png").toString("base64");
  const all = {
    "text/plain": "PLAIN",
    "text/markdown": "*md*",
    "image/png": png,
    "image/svg+xml": "<svg/>",
    "text/html": "<b>H</b>",
  };
  const types = ["text/html", "image/svg+xml", "image/png", "text/markdown", "text/plain"] as const;
  const marks = [
    "<b>H</b>",
    "data:image/svg+xml;base64,PHN2Zy8+",
    `data:image/png;base64,${png}`,
    "<em>md</em>",
    ">PLAIN<",
  ];
  const left: Record<string, unknown> = { ...all };
  types.forEach((type, index) => {
    const html = outputOf(left);
    expect(marks.map((mark) => html.includes(mark))).toEqual(marks.map((_, at) => at === index));
    delete left[type];
  });
  expect(outputOf({ "image/png": png, "text/plain": 'a "b" <c>' })).toContain('alt="a &quot;b&quot; &lt;c&gt;"');
  expect(outputOf({ "application/json": { a: ["<b>"] } })).toContain("&lt;b&gt;");
});

test("streams and errors are escaped and coloured", () => {
  const html = bodyOf(
    page([
      code(
        "",
        {
          output_type: "stream",
          name: "stderr",
          text: "<i>\u001b[1;31mred\u001b[0m\u001b[2K plain\u001b[38;5;196mX\u001b[39m\u001b[48;2;1;2;3mY\n",
        },
        { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[32mE\u001b[39m: v", "    at <cell>"] },
      ),
    ]),
  );
  expect(html).toContain(
    '<pre class="output stream stderr">&lt;i&gt;<span style="font-weight:600;color:var(--ansi-1)">red</span> plain' +
      '<span style="color:rgb(255,0,0)">X</span><span style="background:rgb(1,2,3)">Y</span></pre>',
  );
  expect(html).toContain(
    '<pre class="output error"><span style="color:var(--ansi-2)">E</span>: v\n    at &lt;cell&gt;</pre>',
  );
  expect(html).not.toContain("\u001b");
});

test("code is highlighted as TypeScript and carries number and time of its run", () => {
  const times = { "iopub.status.busy": "2026-01-01T00:00:00.000Z", "shell.execute_reply": "2026-01-01T00:01:05.400Z" };
  const html = bodyOf(page([{ ...code("const a: number = 1 < 2 ? 1 : 0;"), metadata: { execution: times } }]));
  expect(html).toContain('<span class="hljs-keyword">const</span>');
  expect(html).toContain("&lt;");
  expect(html).toContain('<span class="caption">1 · 1 min 05 s</span>');
  expect(bodyOf(page([{ ...code("x"), execution_count: null } as Partial<Cell>]))).not.toContain("caption");
});

test("formulas are MathML; prices are not formulas; a broken formula is shown as typed", () => {
  const html = bodyOf(page([markdown("$\\tau_{a}$ and $$\\frac{a_1}{b_2}$$ cost $5 or $6, `$x$` \\$y\\$ $\\frac{$")]));
  expect(html.match(/<math/g)).toHaveLength(2);
  expect(html).toContain("cost $5 or $6");
  expect(html).toContain("<code>$x$</code> $y$");
  expect(bodyOf(page([markdown("$\\frac{a$")]))).toContain("<code>\\frac{a</code>");
});

test("headings have Jupyter's anchors, attachments are embedded, far pictures are links, raw and empty cells left out", () => {
  const picture = {
    ...markdown("# Two words\n\n![a](attachment:a%20b.png)"),
    attachments: { "a b.png": { "image/png": "QUJD" } },
  };
  const html = bodyOf(
    page([picture, markdown("![far <a>](https://example.org/a.png)"), { cell_type: "raw", source: "RAW" }, code("  ")]),
  );
  expect(html).toContain('<h1 id="Two-words">');
  expect(html).toContain('src="data:image/png;base64,QUJD"');
  expect(html).toContain('<a href="https://example.org/a.png">far &lt;a&gt;</a>');
  expect(html).not.toContain("RAW");
  expect(html.match(/<section/g)).toHaveLength(2);
});

const library = (name: string) => `<script data-kontrast-library="">window.Plotly={name:"${name}"}</script>`;
const figure = '<div data-kontrast-figure="1"></div>';

test("the plotly library is there once, in the head, if a figure is", () => {
  const countOf = (html: string) => html.match(/<script data-kontrast-library/g)?.length ?? 0;
  const brought = page([
    code("", shown({ "text/html": library("a") + figure })),
    code("", shown({ "text/html": library("b") + figure })),
  ]);
  expect(countOf(brought)).toBe(1);
  expect(brought.indexOf('{name:"a"}')).toBeLessThan(brought.indexOf("<main>"));
  expect(bodyOf(brought).match(/data-kontrast-figure/g)).toHaveLength(2);
  const missing = page([code("", shown({ "text/html": figure }))]);
  expect(countOf(missing)).toBe(1);
  expect(missing.length).toBeGreaterThan(1e6);
  const none = page([code("1", shown({ "text/html": "<b>1</b>" }))]);
  expect(countOf(none)).toBe(0);
  expect(none.length).toBeLessThan(20_000);
});
