import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLanguage } from "../../../src/kernel/language/index.js";
import { notebookFolder, type Session, startSession } from "./session.js";

let session: Session;
beforeAll(async () => {
  session = await startSession();
  mkdirSync(join(session.folder, "parts"));
  writeFileSync(join(session.folder, "parts", "inner.ts"), "export const inside = 1;\n");
});
afterAll(() => session.close());

describe("completion", () => {
  test.each([
    ["members", "[1, 2].fla|", ["flat", "flatMap"], "fla"],
    ["only what begins exactly so", "[1, 2].map|", ["map"], "map"],
    ["case counts", "Math.LO|", ["LOG10E", "LOG2E"], "LO"],
    ["all members after a dot", "({ one: 1, two: 2 }).|", ["one", "two"], ""],
    ["in the middle of a name", "Math.ma|xyz", ["max"], "maxyz"],
    ["across lines", "const many = [1];\nman|", ["many"], "man"],
    ["after characters beyond the basic plane", '"😀😀".toUpp|', ["toUpperCase"], "toUpp"],
    ["modules", 'import {} from "node:path/|"', ["posix", "win32"], ""],
    ["names of a module", 'import { readF| } from "node:fs"', ["readFile", "readFileSync"], "readF"],
    ["names of a module that are handed on", 'export { isAbs| } from "node:path"', ["isAbsolute"], "isAbs"],
    ["names of a local file", 'import { insi| } from "./parts/inner"', ["inside"], "insi"],
    ["packages", 'import * as aq from "arq|"', ["arquero"], "arq"],
    ["packages, dynamically", 'await import("arq|")', ["arquero"], "arq"],
    ["this package", 'require("kon|")', ["kontrast"], "kon"],
    [
      "Node's modules",
      'import {} from "node:path|";',
      ["node:path", "node:path/posix", "node:path/win32"],
      "node:path",
    ],
    ["local files", 'import {} from "./|"', ["parts", "settings.json"], ""],
    ["in a quote that is not closed", 'import {} from "./pa|', ["parts"], "pa"],
    ["local files in a folder", 'import {} from "./parts/in|"', ["inner"], "in"],
    ["in the middle of a path", 'import {} from "./pa|xyz"', ["parts"], "paxyz"],
    ["paths in strings", 'const text = "./par|"', ["parts/"], "par"],
    ["paths in strings, in a folder", "const text = './parts/|'", ["inner.ts"], ""],
    ["literals", "const one: BufferEncoding = 'utf|'", ["utf-16le", "utf-8", "utf16le", "utf8"], "utf"],
    ["attributes of an element that is being typed", "<div classN|", ["className"], "classN"],
    ["and of one inside another", "const x = <div><p classN|", ["className"], "classN"],
    ["expressions in an open element", "<div><p>{[1].fla|", ["flat", "flatMap"], "fla"],
    ["not taken for an element", "<any>[1]; [1].fla|(", ["flat", "flatMap"], "fla"],
    ["nothing", "[1].noSuchMember|", [], "noSuchMember"],
  ])("%s: %s", async (_about, marked, matches, replaced) => {
    const cursor = marked.indexOf("|");
    const code = marked.replace("|", "");
    const completion = await session.complete(code, cursor);
    expect(completion.matches).toEqual(matches);
    expect(completion.items.map((item) => item.text)).toEqual(matches);
    expect(code.slice(completion.start, completion.end)).toBe(replaced);
  });

  test("knows the variables of earlier cells and their kinds", async () => {
    await session.run("const earlier = { value: 1, method() { return 2 } };");
    const { items } = await session.complete("earlier.");
    expect(items).toEqual([
      { text: "method", type: "method" },
      { text: "value", type: "property" },
    ]);
    expect((await session.complete("earl")).matches).toEqual(["earlier"]);
  });

  test("offers what the notebook declares before what is global, also at the very end of a cell", async () => {
    await session.run("const zebra = 1; interface Zone { x: 1 }; enum Zoo { Bear }");
    const cursors = [
      ["const zoom = 1; |", "zoom", "zebra"],
      ["[1].map((one) => |)", "one", "zebra"],
      ["let z: |", "Zone", "Zoo"],
    ] as const;
    for (const [marked, ...near] of cursors) {
      const { matches } = await session.complete(marked.replace("|", ""), marked.indexOf("|"));
      const places = near.map((name) => matches.indexOf(name));
      expect(Math.min(...places), marked).toBeGreaterThanOrEqual(0);
      expect(Math.max(...places), marked).toBeLessThan(matches.indexOf("Array"));
    }
    expect((await session.complete("const zoo: Zoo = ")).matches[0]).toBe("Zoo");
  });
});

describe("inspection", () => {
  test("gives type and documentation at, in and after a name", async () => {
    await session.run(
      "/**\n * Twice the number.\n * @param x any number\n */\nfunction twice(x: number) { return 2 * x }",
    );
    for (const cursor of [0, 2, 5]) {
      const inspection = await session.inspect("twice(1)", cursor);
      expect(inspection?.text).toBe("function twice(x: number): number\n\nTwice the number.\n\n@param x any number");
    }
  });

  test("explains the function whose arguments the cursor is in", async () => {
    const inspection = await session.inspect("Math.max(1, ", 12);
    expect(inspection?.text).toMatch(/^\(method\) Math\.max\(\.\.\.values: number\[\]\): number/);
  });

  test("shows types where a value would have to stand", async () => {
    await session.run(
      "/** Sides. */\ninterface Shape { sides: number }\ntype Id = string | 7;\nnamespace Kinds { export type One = 1 }",
    );
    const textOf = async (code: string) => (await session.inspect(code, code.length))?.text;
    expect(await textOf("Shape")).toBe("interface Shape\n\nSides.");
    expect(await textOf("Id")).toBe("type Id = string | 7");
    expect(await textOf("Kinds")).toBe("namespace Kinds");
    expect(await textOf("BufferEncoding")).toMatch(/^type BufferEncoding = "ascii"/);
    expect(await textOf("noSuchName")).toBeUndefined();
    expect(await textOf("[1].Shape")).toBeUndefined();
  });

  test("finds documentation behind another statement of the same line", async () => {
    await session.run("const first = 1; /** The second. */ const second = 2; /** of nothing */");
    await session.run("0");
    expect((await session.inspect("second", 3))?.text).toBe("const second: 2\n\nThe second.");
  });

  test("finds nothing in a comment", async () => {
    expect(await session.inspect("// nothing here", 6)).toBeUndefined();
  });
});

test.each([
  ["1 + 1", { status: "complete" }],
  ["", { status: "complete" }],
  ["const x: number = 'type errors are not its matter'", { status: "complete" }],
  ["await f()", { status: "complete" }],
  ["for await (const x of y) {}", { status: "complete" }],
  ["function f() {", { status: "incomplete", indent: "  " }],
  ["function f() {\n  if (a) {\n    b();", { status: "incomplete", indent: "    " }],
  ["f(1,", { status: "incomplete", indent: "  " }],
  ["const list = [", { status: "incomplete", indent: "  " }],
  ["const x =", { status: "incomplete", indent: "" }],
  ["a.", { status: "incomplete", indent: "" }],
  ["if (a) // why", { status: "incomplete", indent: "" }],
  ["`template of", { status: "incomplete", indent: "" }],
  ["/* comment", { status: "incomplete", indent: "" }],
  ["function f()", { status: "incomplete", indent: "" }],
  ["export async function f(a: number): Promise<void> // why", { status: "incomplete", indent: "" }],
  ["function f(a: string): void;", { status: "complete" }],
  ["declare function f(): void", { status: "complete" }],
  ["<div><p>{list.", { status: "incomplete", indent: "  " }],
  ["<div></div>", { status: "complete" }],
  ["f(1,, 2)", { status: "invalid" }],
  ["}", { status: "invalid" }],
  ["'string", { status: "invalid" }],
  ["const = 3; {", { status: "invalid" }],
])("isComplete %j", async (code, expected) => {
  expect(await session.isComplete(code)).toEqual(expected);
});

test("the same cell again, with the same error", async () => {
  const cell = "const refused: string = 5; const other = 1;";
  const codes = async () => (await session.run(cell)).errors?.map(({ code }) => code);
  expect([await codes(), await codes(), await codes()]).toEqual([[2322], [2322], [2322]]);
  expect((await session.run("const refused = 6; refused")).result).toBe(6);
});

test("an error is ready to print: line, carets, message", async () => {
  const { errors } = await session.run('const fine = 1;\n\tconst bad: { a: number } = { a: "x" };');
  expect(errors?.[0]?.text).toBe(
    [
      "line 2:",
      '  \tconst bad: { a: number } = { a: "x" };',
      `  \t${" ".repeat(29)}^`,
      "TS2322: Type 'string' is not assignable to type 'number'.",
    ].join("\n"),
  );
});

test.each([
  ['import x from "no-such/deep"', /declarations\.\nIf it is a package, this brings it: %install no-such$/],
  ['import x from "@no/such/deep"', /brings it: %install @no\/such$/],
  ['import x from "./nothing"', /^Cannot find module '.\/nothing' or its corresponding type declarations\.$/],
  ['import x from "node:nothing"', /^Cannot find module 'node:nothing' or its corresponding type declarations\.$/],
])("advice that can be followed here: %s", async (code, message) => {
  expect((await session.run(code)).errors?.[0]?.message).toMatch(message);
});

test.runIf(!("groupBy" in Object))("what this Node lacks is said to be lacking", async () => {
  const { errors } = await session.run("Object.groupBy([1], String)");
  expect(errors?.[0]?.message).toMatch(
    /^Property 'groupBy' does not exist on type 'ObjectConstructor'\. Node [\d.]+ lacks it\.$/,
  );
});

test("messages tell types of earlier cells from those of this one, without paths", async () => {
  await session.run("class Point { x = 1 }\nconst points = new Map<string, Point[]>();");
  const { errors } = await session.run("class Point { y = 1 }\nconst again: Map<string, Point[]> = points;");
  expect(errors?.[0]?.message).toBe(
    [
      "Type 'Map<string, Point (earlier)[]>' is not assignable to type 'Map<string, Point[]>'.",
      "  Type 'Point (earlier)[]' is not assignable to type 'Point[]'.",
      "    Property 'y' is missing in type 'Point (earlier)' but required in type 'Point'.",
    ].join("\n"),
  );
});

test("and so in later cells, of which completion shows nothing", async () => {
  await session.run("class Place { here = 1 }\nconst place = new Place(), places = [place];");
  await session.run("class Place { there = 1 }");
  const { errors } = await session.run("const other: Place = place;");
  expect(errors?.[0]?.message).toBe(
    "Property 'there' is missing in type 'Place (earlier)' but required in type 'Place'.",
  );
  expect((await session.inspect("places", 3))?.text).toBe("const places: Place (earlier)[]");
  expect((await session.complete("place.")).matches).toEqual(["here"]);
  expect((await session.complete("__e")).matches).toEqual([]);
});

test("long explanations keep their indentation", async () => {
  const { errors } = await session.run("const f: (x: number) => { a: string } = (x) => ({ a: x }) as { a: number };");
  expect(errors).toHaveLength(1);
  expect(errors?.[0]?.message.split("\n").map((line) => /^ */.exec(line)?.[0].length)).toEqual([0, 2, 4]);
});

describe("local files", () => {
  test("are checked, converted, and read again when they change", async () => {
    const path = join(session.folder, "local.ts");
    writeFileSync(path, "export const value: number = 1;\n");
    expect((await session.run('import { value } from "./local"; value + 1')).result).toBe(2);
    writeFileSync(path, 'export const value: number = "x";\n');
    const { errors } = await session.run('import { value } from "./local"; value');
    expect(errors?.[0]).toMatchObject({ code: 2322, line: 1, column: 14, file: "local.ts" });
  });

  test("are converted again if they changed while no cell imported them", async () => {
    const folder = notebookFolder();
    const path = join(folder, "left.mjs");
    const language = await createLanguage({ folder });
    const converted = async () => {
      const conversion = await language.convert('// @ts-nocheck\nimport { left } from "./left.mjs"; left');
      return conversion.ok && conversion.sideModules.map(({ source }) => source);
    };
    writeFileSync(path, "export const left = 1;\n");
    expect(await converted()).toEqual([path]);
    await language.convert("1 + 1");
    expect(await converted()).toEqual([]);
    await language.convert("1 + 2");
    writeFileSync(path, "export const left = 2;\n");
    expect(await converted()).toEqual([path]);
    language.close();
  });

  test("may be imported by an absolute path", async () => {
    const path = join(session.folder, "absolute.ts");
    writeFileSync(path, "export const absolute = 4;\n");
    expect((await session.run(`import { absolute } from ${JSON.stringify(path)}; absolute`)).result).toBe(4);
    expect((await session.run(`(await import(${JSON.stringify(path)})).absolute`)).result).toBe(4);
  });

  test("of JavaScript are checked only where they ask for it", async () => {
    const path = join(session.folder, "helper.js");
    const code = "export function half(x) { return x / 2 }\nlet s = 1; s = 'x';\n";
    writeFileSync(path, code);
    expect((await session.run('import { half } from "./helper.js"; half(4).toFixed()')).result).toBe("2");
    expect((await session.run('import { half } from "./helper.js"; half(4).length')).errors?.[0]?.code).toBe(2339);
    writeFileSync(path, `// @ts-check\n${code}`);
    const { errors } = await session.run('import { half } from "./helper.js"; half(4)');
    expect(errors?.map((error) => error.code)).toEqual([7006, 2322]);
  });

  test("may be outside the notebook's folder", async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), "kontrast-outside-")));
    const path = join(outside, "model.ts");
    const write = (value: string) => {
      writeFileSync(join(outside, "size.mts"), `export const size: number = ${value};\n`);
      writeFileSync(path, 'import { size } from "./size.mts"; export const model = { size };\n');
    };
    write("1");
    const near = JSON.stringify(relative(session.folder, path));
    expect((await session.run(`import { model } from ${near}; model.size`)).result).toBe(1);
    expect((await session.run(`import { model as same } from ${JSON.stringify(path)}; same === model`)).result).toBe(
      true,
    );
    write('"x"');
    const { errors } = await session.run(`import { model } from ${near}; model.size + 1`);
    expect(errors?.[0]).toMatchObject({
      code: 2322,
      line: 1,
      file: relative(session.folder, join(outside, "size.mts")),
    });
    write("2");
    expect((await session.run(`import { model } from ${near}; model.size`)).result).toBe(2);
    expect((await session.complete(`import { mod } from ${near}`, 12)).matches).toEqual(["model"]);
  });

  test("declarations of the folder count without an import", async () => {
    const path = join(session.folder, "globals.d.ts");
    writeFileSync(path, 'declare module "untyped" { export const one: number }\ndeclare const version: string;\n');
    expect((await session.run('import { one } from "untyped"; one.toFixed()')).result).toBe("1");
    expect((await session.run('import { one } from "untyped"; one.length')).errors?.[0]?.code).toBe(2339);
    expect((await session.run("version.toFixed()")).errors?.[0]?.code).toBe(2551);
    writeFileSync(path, 'declare module "untyped" { export const one: string }\n');
    expect((await session.run('import { one } from "untyped"; one.toFixed()')).errors?.[0]?.code).toBe(2551);
    rmSync(path);
    expect((await session.run('import { anything } from "untyped"; anything')).errors).toBeUndefined();
  });

  test("and packages are found once they are there", async () => {
    const cell = 'import { later } from "./later"; later';
    expect((await session.run(cell)).errors?.[0]?.code).toBe(2307);
    writeFileSync(join(session.folder, "later.ts"), "export const later = 3;\n");
    expect((await session.run(cell)).result).toBe(3);
  });
});

test("two notebooks have nothing in common, a failure loses nothing, and a reset forgets", async () => {
  const language = await createLanguage({ folder: notebookFolder() });
  const declared = await language.convert("const mine = 1");
  expect((await language.convert("mine")).ok).toBe(false);
  language.commit(declared);
  expect((await language.convert("mine")).ok).toBe(true);
  // A failure inside the converter is one line, and the next cell works with what was committed.
  const broken = language.convert(5 as unknown as string);
  const waiting = language.convert("mine");
  await expect(broken).rejects.toThrow(/^TypeScript failed on this cell \(.*\); it is started afresh$/);
  await expect(waiting).rejects.toThrow(/^the TypeScript thread is started afresh$/);
  expect((await language.convert("mine + 1")).ok).toBe(true);

  language.reset();
  expect((await language.convert("mine")).ok).toBe(false);
  language.close();
  await expect(language.convert("1")).rejects.toThrow("language: closed");
});
