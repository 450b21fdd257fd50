import { afterAll, beforeAll, expect, test } from "vitest";
import { type Session, startSession } from "./session.js";

/** A cell and what it comes to: the last value, `code line:column` of errors, or message and place of what it throws. */
interface Sample {
  readonly about: string;
  readonly cell: string;
  readonly result?: unknown;
  readonly errors?: readonly string[];
  readonly throws?: readonly [message: string, place: string];
}

/** Run in this order in one session: later cells see what earlier ones declared. */
const samples: readonly Sample[] = [
  { about: "a value", cell: "1 + 1", result: 2 },
  { about: "semicolon and comment after the last expression", cell: "2 + 2; // four\n/* done */", result: 4 },
  { about: "no value after a declaration", cell: "const a = 1;", result: undefined },
  { about: "a string is not a directive", cell: '"text"', result: "text" },
  { about: "an empty cell", cell: "", result: undefined },
  { about: "only a comment", cell: "// nothing", result: undefined },
  { about: "earlier variables", cell: "a + 1", result: 2 },
  { about: "redeclared const of another type", cell: 'const a = "one"; a.length', result: 3 },
  { about: "the new type counts", cell: "a.toFixed()", errors: ["2551 1:3"] },
  { about: "a rejected cell declares nothing", cell: 'const b: number = "x";', errors: ["2322 1:7"] },
  { about: "so its name is unknown", cell: "b", errors: ["2304 1:1"] },
  { about: "several errors in order", cell: "let c: string = 1;\n\n  c.foo;", errors: ["2322 1:5", "2339 3:5"] },
  { about: "syntax errors", cell: "foo(1,, 2)", errors: ["1135 1:7"] },
  { about: "strict null checks", cell: "let d: string = null;", errors: ["2322 1:5"] },
  { about: "no implicit any", cell: "function e(x) { return x }", errors: ["7006 1:12"] },
  { about: "unused expressions are fine", cell: "a; 1, 2; a === a; 5", result: 5 },
  { about: "top-level await", cell: "const f = await Promise.resolve(7); f", result: 7 },
  { about: "await of an array", cell: "(await [1])[0]", result: 1 },
  {
    about: "top-level for await",
    cell: "let sum = 0;\nasync function* numbers() { yield 1; yield 2; }\nfor await (const n of numbers()) sum += n;\nsum",
    result: 3,
  },
  { about: "await in a plain method", cell: "class G { m() { return await 1 } }", errors: ["1308 1:24"] },
  { about: "functions see later assignments (1)", cell: "let count = 0; function increment() { return ++count }" },
  { about: "functions see later assignments (2)", cell: "count = 10; increment()", result: 11 },
  { about: "and cells see theirs", cell: "count", result: 11 },
  { about: "redeclared without a value", cell: "let count: number | undefined; count", result: undefined },
  { about: "redeclared function", cell: "function increment() { return 'new' } increment()", result: "new" },
  { about: "in a later cell", cell: "increment()", result: "new" },
  { about: "class", cell: "class Point { constructor(readonly x: number) {} }" },
  { about: "class as value and type", cell: "const p: Point = new Point(3); p.x", result: 3 },
  { about: "redeclared class", cell: "class Point { y = 4 } new Point().y", result: 4 },
  { about: "interface", cell: "interface Shape { sides: number }\ntype Shapes = Shape[];" },
  { about: "interface in a later cell", cell: "const shapes: Shapes = [{ sides: 3 }]; shapes[0]!.sides", result: 3 },
  { about: "enum", cell: "enum Color { Red, Green }" },
  { about: "enum in a later cell", cell: "Color[Color.Green]", result: "Green" },
  { about: "destructuring", cell: "const { q, ...rest } = { q: 1, r: 2, s: 3 }; const [h, , i = 5] = [1, 2];" },
  { about: "destructured in a later cell", cell: "[q, rest.r, h, i]", result: [1, 2, 1, 5] },
  { about: "earlier variable as shorthand property", cell: "const o = { q, h: 9 }; o", result: { q: 1, h: 9 } },
  { about: "property of an earlier variable, renamed", cell: "const { h: j, q: k } = o; j + k", result: 10 },
  { about: "destructuring assignment to earlier ones", cell: "let m = 0, n = 0;" },
  { about: "in a later cell", cell: "({ q: m, h: n } = o); [m, n] = [n, m]; [m, n]", result: [9, 1] },
  { about: "shorthand assignment", cell: "let s = 0;" },
  { about: "with default", cell: "({ s = 4 } = {} as { s?: number }); s", result: 4 },
  { about: "a local variable hides an earlier one", cell: "((q: number) => ({ q }))(8)", result: { q: 8 } },
  { about: "node builtins", cell: 'import { join } from "node:path"; join("a", "b")', result: "a/b" },
  { about: "imported name in a later cell", cell: 'join("c", "d")', result: "c/d" },
  { about: "imported name redeclared", cell: "const join = 5; join", result: 5 },
  { about: "and imported again", cell: 'import { join } from "node:path/posix"; join("e", "f")', result: "e/f" },
  { about: "namespace import", cell: 'import * as aq from "arquero"; aq.table({ x: [1, 2] }).numRows()', result: 2 },
  { about: "namespace in a later cell", cell: "aq.table({ x: [1] }).numCols()", result: 1 },
  { about: "dynamic import", cell: '(await import("node:os")).EOL', result: "\n" },
  {
    about: "type-only imports are not loaded",
    cell: 'import type { ReadStream } from "node:fs"; import { Stats } from "node:fs";\nconst r: ReadStream | Stats | 0 = 0; r',
    result: 0,
  },
  { about: "unknown package", cell: 'import x from "no-such-package"', errors: ["2307 1:15"] },
  { about: "export is allowed", cell: "export const t = 1; export function u() { return t }" },
  { about: "also as a list", cell: "const ai = 1, aj = 2;\nexport { ai, aj };\nai + aj", result: 3 },
  {
    about: "decorators, with their helpers",
    cell: "const seen: string[] = [];\nfunction note(_method: () => void, { name }: ClassMethodDecoratorContext) { seen.push(String(name)) }\nclass Noted { @note method() {} }\nseen",
    result: ["method"],
  },
  { about: "again in a later cell", cell: "class NotedToo { @note other() {} }\nseen", result: ["method", "other"] },
  {
    about: "using",
    cell: "const closed: string[] = [];\nclass File { [Symbol.dispose]() { closed.push('file') } }\n{ using file = new File(); file }\nclosed",
    result: ["file"],
  },
  { about: "await using", cell: "{ await using file = new File(); file }\nclosed.length", result: 2 },
  { about: "using at the top level", cell: "using open = new File(); open instanceof File", result: true },
  {
    about: "import attributes",
    cell: 'import settings from "./settings.json" with { type: "json" }; settings.rate',
    result: 0.5,
  },
  {
    about: "accessors",
    cell: "class Counter { accessor value = 1; static #made = 0; static { Counter.#made = 4 } static get made() { return Counter.#made } }\nnew Counter().value + Counter.made",
    result: 5,
  },
  {
    about: "const type parameters",
    cell: "function only<const T>(x: T) { return x }\nconst tuple = only([1, 'a']); tuple[1] satisfies 'a'",
    result: "a",
  },
  { about: "a type assertion before the value", cell: "<number>(JSON.parse('5'))", result: 5 },
  { about: "a generic arrow function", cell: "const same = <T>(x: T) => x; same(6)", result: 6 },
  {
    about: "the address of the cell",
    cell: "import.meta.url.startsWith('file:') && import.meta.dirname.length > 0",
    result: true,
  },
  {
    about: "inferred type predicates",
    cell: "[1, undefined].filter((x) => x !== undefined).map((x) => x.toFixed())",
    result: ["1"],
  },
  {
    about: "JSX",
    cell: 'const item = (name: string) => <li class="item">{name}</li>;\nconst list = <ul>{["a", "b"].map(item)}</ul>;\nlist.type',
    result: "ul",
  },
  { about: "JSX is checked", cell: "const broken = <Nothing />;", errors: ["2304 1:17"] },
  {
    about: "JSX elements of earlier cells",
    cell: "const twice = <div>{list}{list}</div>; (twice.props.children as unknown[]).length",
    result: 2,
  },
  { about: "a fragment", cell: "(<>{list}text</>).props.children.length", result: 2 },
  {
    about: "a JSX factory of one's own",
    cell: '/** @jsx el */\nfunction el(tag: string, props: object | null, ...children: unknown[]) { return [tag, props, ...children] }\nnamespace el { export namespace JSX { export interface IntrinsicElements { p: { id?: string } } export type Element = unknown[] } }\n<p id="x">5</p>',
    result: ["p", { id: "x" }, "5"],
  },
  {
    about: "values of types that will be declared again",
    cell: `class Dot { at = 1; private secret = 2; meets(other: Dot) { return other.at } }
interface Line { dots: Dot[] }
enum Ink { Red, Blue }
const dot = new Dot(), line: Line = { dots: [dot] }, ink = Ink.Blue, Kind = Dot;
function look(given: Dot) { return Object.keys(given).join() }`,
  },
  {
    about: "declared again as it was",
    cell: "class Dot { at = 1; private secret = 2; meets(other: Dot) { return other.at } }",
  },
  { about: "is the same", cell: "const dotAgain: Dot = dot; look(dot)", result: "at,secret" },
  { about: "declared again differently", cell: "class Dot { to = 1 }\nenum Ink { Green = 5 }" },
  { about: "their values are what they were", cell: "dot.at + line.dots[0]!.meets(dot) + new Kind().at", result: 3 },
  { about: "members of enums, too", cell: "const inkThen: 1 = ink; inkThen", result: 1 },
  { about: "and nothing else", cell: "dot.to", errors: ["2339 1:5"] },
  { about: "functions take the new type", cell: "look(new Dot())", result: "to" },
  { about: "and not the earlier", cell: "look(dot)", errors: ["2345 1:6"] },
  {
    about: "declared again once more",
    cell: "const dotTwo = new Dot();\nclass Dot { from = 1 }",
    errors: ["2449 1:20"],
  },
  { about: "with values of each", cell: "class Dot { from = 1 }\nconst dotThree = new Dot();" },
  { about: "declared a fourth time", cell: "class Dot {}" },
  { about: "each has its own", cell: "dot.at + dotThree.from", result: 2 },
  { about: "namespace", cell: "namespace Space { export const inner = 6 }\nSpace.inner", result: 6 },
  {
    about: "global declarations",
    cell: "declare global { interface Array<T> { last?(): T } }\n[1].last",
    result: undefined,
  },
  { about: "namespace in a later cell", cell: "Space.inner + 1", result: 7 },
  { about: "redeclared as something else", cell: "const Space = 8; Space", result: 8 },
  { about: "and carried so", cell: "Space.inner", errors: ["2339 1:7"] },
  { about: "what this Node has", cell: '"a".isWellFormed() && /[a]/v.test("a")', result: true },
  {
    about: "and nothing else",
    cell: 'Object.groupBy([1], () => "a")["a"]?.length',
    ...("groupBy" in Object ? { result: 1 } : { errors: ["2550 1:8"] }),
  },
  { about: "a package without types", cell: 'import untyped, { two } from "untyped"; untyped.one + two', result: 3 },
  { about: "in a later cell", cell: "untyped.one", result: 1 },
  { about: "exported earlier", cell: "u()", result: 1 },
  { about: "Node's types", cell: "Buffer.from('é').length + process.argv.length * 0", result: 2 },
  { about: "copying array methods", cell: "[3, 1, 2].toSorted().with(0, 9).toReversed()", result: [3, 2, 9] },
  { about: "declares, then throws", cell: 'const v = 5;\nthrow new Error("stop");', throws: ["stop", "2:7"] },
  { about: "what it declared stays", cell: "v", result: 5 },
  {
    about: "replaces, but throws before",
    cell: "const v: number = JSON.parse('{');",
    throws: ["in JSON at position 1", "1:24"],
  },
  { about: "the old value stays", cell: "v", result: 5 },
  {
    about: "line of an error below types",
    cell: `interface Row {
  a: number;
}
type Rows = Row[];
const rows: Rows = [{ a: 1 }];
async function visit(given: Rows): Promise<void> {
  for (const row of given) throw new Error(\`row \${row.a}\`);
}
for await (const pass of [1, 2]) {
  await visit(rows);
}`,
    throws: ["row 1", "7:34"],
  },
  {
    about: "column of an error beside earlier variables",
    cell: "const w = 1;\n\nconst y = [q, w].map((z) => z + h), bad = (null as unknown as typeof o).q;",
    throws: ["Cannot read properties of null (reading 'q')", "3:73"],
  },
  { about: "syntax errors count also with ts-nocheck", cell: "// @ts-nocheck\nfoo(1,, 2)", errors: ["1135 2:7"] },
  { about: "type errors do not", cell: "// @ts-nocheck\nconst aa: number = 'text'; aa", result: "text" },
  { about: "ts-ignore", cell: "// @ts-ignore\nconst ab: number = 'text'; ab", result: "text" },
  { about: "type without a name", cell: "const ac = (() => { class Local { ad = 1 } return new Local() })();" },
  { about: "in a later cell", cell: "ac.ad", result: 1 },
  {
    about: "a namespace's own types",
    cell: "namespace Own { interface Hidden { a: number }\nexport const shown: Hidden = { a: 7 } }\nOwn.shown.a",
    result: 7,
  },
  {
    about: "class of a class expression",
    cell: "class Sub extends (class { private b = 1; c = 8 }) {}\nnew Sub().c",
    result: 8,
  },
  { about: "generics", cell: "const pick = <T, K extends keyof T>(from: T, key: K): T[K] => from[key];" },
  { about: "in a later cell", cell: "pick({ ae: 'b' }, 'ae').toUpperCase()", result: "B" },
  { about: "generic types are kept", cell: "pick({ ae: 'b' }, 'af')", errors: ["2345 1:19"] },
  {
    about: "satisfies and using const type parameters",
    cell: "const ag = { x: 1 } satisfies Record<string, number>; ag.x",
    result: 1,
  },
  { about: "names beyond the basic plane", cell: 'const π = "😀"; π + "😀".length', result: "😀2" },
  {
    about: "kontrast is this package",
    cell: 'import type { Displayable } from "kontrast"; const ah: Displayable | 1 = 1; ah',
    result: 1,
  },
  { about: "a value of a kontrast type", cell: 'const ak = JSON.parse("1") as import("kontrast").ImageDataset;' },
  {
    about: "that a cell with await does not import",
    cell: "const al = await (async () => ak)(); const am = 1; am",
    result: 1,
  },
  { about: "the type is kept", cell: "al.noSuchName", errors: ["2339 1:4"] },
  { about: "a package's type", cell: 'import { table } from "arquero"; const an = table({ x: [1] });' },
  {
    about: "neither imported beside await",
    cell: "const ao = await (async () => [an])(); ao[0]!.numRows()",
    result: 1,
  },
  { about: "that type is kept, too", cell: "ao[0]!.noSuchName", errors: ["2339 1:8"] },
];

let session: Session;
beforeAll(async () => {
  session = await startSession();
});
afterAll(() => session.close());

test.each(samples)("$about: $cell", async ({ cell, result, errors, throws }) => {
  const ran = await session.run(cell);
  const codes = ran.errors?.map((error) => `${error.code} ${error.line}:${error.column}`);
  expect(codes, ran.errors?.map((error) => error.text).join("\n")).toEqual(errors);
  if (throws) {
    expect(ran.thrown?.message).toContain(throws[0]);
    expect(ran.thrown?.places[0]).toBe(throws[1]);
  } else {
    expect(ran.thrown).toBeUndefined();
    expect(ran.result).toEqual(result);
  }
});
