import { expect, test } from "vitest";
import { knownMagics, parseCell, withoutMagics } from "../../../src/kernel/magics/index.js";

/** Stands in for TypeScript: code is open while brackets, a template or a comment are, or an operator ends it. */
const isOpen = async (code: string) =>
  (code.match(/[({[]/g) ?? []).length > (code.match(/[)}\]]/g) ?? []).length ||
  (code.match(/`/g) ?? []).length % 2 === 1 ||
  code.lastIndexOf("/*") > code.lastIndexOf("*/") ||
  /[=+,]\s*$/.test(code);

const parse = (code: string) => parseCell(code, knownMagics, isOpen);
const code = (text: string) => ({ type: "code", code: text });
const magic = (name: string, argument: string) => ({ type: "magic", name, argument });

test.each([
  ["no magic", "let a = 1;\na % 2", [code("let a = 1;\na % 2")]],
  ["a line", "%who", [magic("who", "")]],
  ["as a comment", "  //%install d3@7 ", [magic("install", "d3@7")]],
  ["between code", "a\n%who\nb", [code("a"), magic("who", ""), code("\n\nb")]],
  [
    "code of its own, at its column",
    "a\n  %time  b(1) ",
    [code("a"), { ...code("\n         b(1) "), measure: "time" }],
  ],
  ["the rest of the cell", "a\n%timeit\nb\nc", [code("a"), { ...code("\n\nb\nc"), measure: "timeit" }]],
  ["the same as a comment", "// %time\nb", [{ ...code("\nb"), measure: "time" }]],
  ["two percent signs in a comment", "a\n// %%time\nb", [code("a"), { ...code("\n\nb"), measure: "time" }]],
  ["the whole cell", "\n%%time\na", [{ ...code("\n\na"), measure: "time" }]],
  ["a cell of another kind", "%%html\n<b>\n%who", [{ ...magic("html", ""), body: "<b>\n%who" }]],
  ["a file", "// %%writefile -a x.ts\na", [{ ...magic("writefile", "-a x.ts"), body: "a" }]],
  ["unknown names are found out when it is their turn", "%foo bar", [magic("foo", "bar")]],
  [
    "unknown names in comments are comments",
    "// %foo\n//%%html is for the top",
    [code("// %foo\n//%%html is for the top")],
  ],
  ["inside brackets", "f(\n%who\n)", [code("f(\n%who\n)")]],
  ["inside a template", "`\n%who\n`", [code("`\n%who\n`")]],
  ["inside a comment", "/*\n%who\n*/", [code("/*\n%who\n*/")]],
  ["a modulus", "x =\n%y", [code("x =\n%y")]],
  ["help", "name?", [magic("help", "?name")]],
  ["more help", "??a.b", [magic("help", "??a.b")]],
  ["half of a conditional is no help", "x =\ncond?\n1 : 2", [code("x =\ncond?\n1 : 2")]],
  ["nothing at all", "", [code("")]],
])("%s", async (_about, given, expected) => {
  expect(await parse(given)).toEqual(expected);
});

test.each([
  ["a\n%who\nb", "a\n    \nb"],
  ["  %time b(1)", "        b(1)"],
  ["// %time\nb", "        \nb"],
  ["%%html\n<b>", "      \n   "],
  ["%%time\nb", "      \nb"],
  ["a % b?", "a % b?"],
])("blanks the magics of %j, every character at its place", async (given, expected) => {
  expect(await withoutMagics(given, knownMagics, isOpen)).toBe(expected);
});
