import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { murmur2 } from "../../../src/kernel/debugger/murmur2.js";

test("gives ipykernel's hash, by which front ends name cells", () => {
  const texts = ["", "a", "ab", "abc", "abcd", "let x = 1;", "é", "π🦊\n", "x".repeat(1000), "\u0000\u00ff~"];
  const script =
    "import json, sys; from ipykernel.compiler import murmur2_x86\n" +
    "print(json.dumps([murmur2_x86(text, 0xc70f6907) for text in json.load(sys.stdin)]))";
  const expected = execFileSync("/usr/bin/python3", ["-c", script], { input: JSON.stringify(texts) });
  expect(texts.map((text) => murmur2(text, 0xc70f6907))).toEqual(JSON.parse(expected.toString()));
});
