import { expect, test } from "vitest";
import { nearestName } from "../../src/check/index.js";

const names = ["time", "timeit", "who", "whos", "reset", "cifar-10", "stl-10"];

test.each([
  ["tiem", "time"],
  ["timeti", "timeit"],
  ["WHO", "who"],
  ["cifar_10", "cifar-10"],
  ["stl", "stl-10"],
  ["rest", "reset"],
])("%s means %s", (given, meant) => expect(nearestName(given, names)).toBe(meant));

test("what is like nothing means nothing", () => {
  for (const given of ["", "x", "imagenet", "how are you"]) expect(nearestName(given, names)).toBeUndefined();
});
