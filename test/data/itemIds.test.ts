import { expect, test } from "vitest";
import { gaussianMixture, scenes, shapes } from "../../src/data/index.js";

const last = 2 ** 31 - 2;
type Make = (options: { count: number; firstId?: number }) => { readonly ids: Int32Array };
const makers: Record<string, Make> = { shapes, scenes, gaussianMixture };

test.each(Object.entries(makers))("%s: ids up to 2³¹ − 1, and none beyond", (name, make) => {
  expect([...make({ count: 2, firstId: last }).ids]).toEqual([last, last + 1]);
  expect(() => make({ count: 3, firstId: last })).toThrow(
    `${name}: firstId + count must be at most 2147483648, got ${last} + 3`,
  );
  expect(() => make({ count: 0 })).toThrow(`${name}: count must be an integer >= 1, got 0`);
});
