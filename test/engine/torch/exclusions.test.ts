import { expect, test } from "vitest";
import { start } from "../../../src/engine/torch/index.js";
import { exclusions, isExcluded } from "./exclusions.js";
import { collect } from "./jasmine.js";

await start();
const specs = [...(await collect("any")).values()];

test("all of tfjs-core's specs are collected", () => {
  expect(specs.length).toBe(4385); // of tfjs-core 4.22.0
});

test("under 2 % of the specs are excluded", () => {
  expect(specs.filter(isExcluded).length / specs.length).toBeLessThan(0.02);
});

test.each(exclusions)("%s excludes something: %s", (name) => {
  expect(specs.some((spec) => name.test(spec))).toBe(true);
});
