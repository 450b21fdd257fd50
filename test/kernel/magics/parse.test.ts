import { expect, test } from "vitest";
import { completeness } from "../../../src/kernel/language/completeness.js";
import { loadTypeScript } from "../../../src/kernel/language/typescript.js";
import { knownMagics, parseCell, withoutMagics } from "../../../src/kernel/magics/index.js";

const typescript = loadTypeScript();
const judge = async (code: string) => completeness(typescript, code).status;

const parse = (code: string) => parseCell(code, knownMagics, judge);
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
  [
    "a comment with code of its own",
    "a\n // %timeit  b(1)\nc",
    [code("a"), { ...code("\n             b(1)"), measure: "timeit" }, code("\n\nc")],
  ],
  ["code that goes on", "%time f(\n  1)\nb", [{ ...code("      f(\n  1)"), measure: "time" }, code("\n\nb")]],
  [
    "code that goes on, though it could end",
    "%time a\n  // why\n  .b()\nc",
    [{ ...code("      a\n  // why\n  .b()"), measure: "time" }, code("\n\n\nc")],
  ],
  ["code before a magic", "%time a\n%who", [{ ...code("      a"), measure: "time" }, magic("who", "")]],
  ["the whole cell, from its first line on", "%%time a\nb", [{ ...code("       a\nb"), measure: "time" }]],
  [
    "a magic within what is measured",
    "%time\na\n%who\nb",
    [{ ...code("\na"), measure: "time" }, magic("who", ""), { ...code("\n\n\nb"), measure: "time" }],
  ],
  ["nothing to measure", "a\n%time\n\n", [code("a"), magic("time", "")]],
  ["nothing to measure in the cell", "%%timeit", [magic("timeit", "")]],
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
  ["help on a magic", "%time?", [magic("help", "?%time")]],
  [
    "help between code",
    "const größe = 1\ngröße?\nf(größe)",
    [code("const größe = 1"), magic("help", "?größe"), code("\n\nf(größe)")],
  ],
  ["help after help", "a?\nb??\n?c", [magic("help", "?a"), magic("help", "??b"), magic("help", "?c")]],
  ["help after a statement that has ended", "f();\n?g\nh()", [code("f();"), magic("help", "?g"), code("\n\nh()")]],
  ["nothing at all", "", [code("")]],
])("%s", async (_about, given, expected) => {
  expect(await parse(given)).toEqual(expected);
});

test.each([
  "const x = cond\n  ? foo\n  : bar",
  "const x = cond\n? foo\n: bar",
  "const x = cond ?\n  a :\n  b",
  "const x = cond?\n  a :\n  b",
  "cond?\n\n  // neither\n  1 :\n  2",
  "a?\nb?\n1 : 2 : 3",
  "a\n  ? b\n  ? 1 : 2\n  : 3",
  "f(1)\n  .big?\n  1 : 2",
  "const x = f(cond\n  ? foo\n  : bar)",
  "const f = () => cond\n  ? foo\n  : bar;",
  "const x = value??\n  other",
  "const x = value\n  ?? other",
  "value??\n  other",
  "const x = value\n  ?? other\n  ?? another",
  "interface A {\n  b?\n  c?: number\n}",
  "type A = {\n  b?\n}",
  "class A {\n  b?\n  c\n}",
  "const f = (\n  a?\n) => a",
  "type T = [\n  A?\n]",
  "type T = A extends B\n  ? C\n  : D",
  "type T = A extends\n  B?\n  C : D",
  "const x = a\n  ?.b\n  ?.[0]\n  ?.(1)",
  "x\n  ?.b",
  "cond?\n  `\n` : 2",
  "const x = <p>\n  really?\n  ?really\n</p>",
  "/*\nreally?\n*/",
  "// really?",
  "`\nreally?\n?really\n`",
  "1?\n2 : 3",
  "const x = a\n  // %time is short\n  .b()",
  "const x = cond\n  // %who knows\n  ? 1\n  : 2",
  "const x = a\n  // %who\n\n  && b",
  // Not finished yet: it is being written.
  "const x = cond\n  ? foo",
])("%j is TypeScript, none of it help", async (given) => {
  expect(await parse(given)).toEqual([code(given)]);
  expect(await withoutMagics(given, knownMagics, judge)).toBe(given);
});

test.each([
  ["a\n%who\nb", "a\n    \nb"],
  ["  %time b(1)", "        b(1)"],
  ["// %time\nb", "        \nb"],
  ["// %time b(1) ", "         b(1) "],
  ["%%timeit b\nc", "         b\nc"],
  ["%%html\n<b>", "      \n   "],
  ["%%time\nb", "      \nb"],
  ["a % b?", "a % b?"],
])("blanks the magics of %j, every character at its place", async (given, expected) => {
  expect(await withoutMagics(given, knownMagics, judge)).toBe(expected);
});
