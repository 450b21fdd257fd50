import { expect, test } from "vitest";
import { History } from "../../../src/kernel/handlers/history.js";

function filled(...inputs: string[]): History {
  const history = new History();
  inputs.forEach((input, index) => {
    history.add(index + 1, input);
  });
  return history;
}
const inputs = (entries: readonly { input: string }[]) => entries.map(({ input }) => input);

test("search takes a glob literally except for * and ?", () => {
  const history = filled("a.b(1)", "aXb(1)", "a.b(1)\nnext", "c");
  expect(inputs(history.search("a.b(?)", 9, false))).toEqual(["a.b(1)"]);
  expect(inputs(history.search("a.b*", 9, false))).toEqual(["a.b(1)", "a.b(1)\nnext"]);
  expect(inputs(history.search("*", 2, false))).toEqual(["a.b(1)\nnext", "c"]);
});

test("unique keeps one of equal inputs", () => {
  expect(inputs(filled("x", "y", "x").search("*", 9, true)).sort()).toEqual(["x", "y"]);
});

test("tail and range", () => {
  const history = filled("a", "b", "c");
  expect(inputs(history.tail(2))).toEqual(["b", "c"]);
  expect(history.tail(0)).toEqual([]);
  expect(inputs(history.range(0, 2, 3))).toEqual(["b"]);
  expect(history.range(2, 0, 9)).toEqual([]);
});
