import { expect, test } from "vitest";
import { plainMessage } from "../../../src/kernel/handlers/plainMessage.js";

test.each([
  ["exports.load is not a function", "load is not a function"],
  ["exports.model.fit is not a function", "model.fit is not a function"],
  ["(0 , exports.load) is not a function", "load is not a function"],
  ["(0 , node_path_1.nothing) is not a function", "nothing is not a function"],
  ["untyped_1.default.nothing is not a function", "untyped.nothing is not a function"],
  ["layer_1.weights is not iterable", "layer_1.weights is not iterable"],
  ["module.exports.x is not a function", "module.exports.x is not a function"],
  [
    "Cannot destructure property 'a' of 'exports.pair' as it is undefined.",
    "Cannot destructure property 'a' of 'pair' as it is undefined.",
  ],
])("%s", (message, expected) => {
  expect(plainMessage({ name: "TypeError", message })).toBe(expected);
  expect(plainMessage({ name: "Error", message })).toBe(message);
});
