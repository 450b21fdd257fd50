import { expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import { horizontalFlip, type Policy, policies, policy, randomResizedCrop } from "../../src/views/index.js";

test("policies are the papers' recipes", () => {
  const names = (one: ReturnType<typeof policies.simclr>) => one.augmentations.map(({ name }) => name);
  const colors = ["colorJitter", "randomGrayscale"];
  expect(names(policies.simclr())).toEqual(["randomResizedCrop", ...colors, "horizontalFlip"]);
  expect(names(policies.moco())).toEqual(["randomResizedCrop", ...colors, "horizontalFlip"]);
  expect(names(policies.sceWeak())).toEqual(["randomResizedCrop", "horizontalFlip"]);
  expect(names(policies.sceStrong())).toEqual(["randomResizedCrop", ...colors, "gaussianBlur", "horizontalFlip"]);
  const areas = (one: ReturnType<typeof policies.simclr>) =>
    Array.from(
      { length: 3000 },
      (_, item) => one.augmentations[0]?.draw(seededRandom(item), [96, 96, 3]) as { width: number; height: number },
    ).map(({ width, height }) => (width * height) / 96 ** 2);
  expect(Math.min(...areas(policies.simclr()))).toBeLessThan(0.1);
  expect(Math.min(...areas(policies.moco()))).toBeGreaterThan(0.19);
  expect(() => policy("twice", horizontalFlip(), horizontalFlip())).toThrow(
    'policy: augmentations must have different names, got "horizontalFlip" twice',
  );
});

test("asymmetric and multi-crop recipes have one policy per view", () => {
  const names = (one: Policy) => one.augmentations.map(({ name }) => name);
  const base = ["randomResizedCrop", "horizontalFlip", "colorJitter", "randomGrayscale", "gaussianBlur"];
  expect(policies.byol().map(names)).toEqual([base, [...base, "solarize"]]);
  expect(policies.swav().map(names)).toEqual(Array.from({ length: 8 }, () => base));
  expect(policies.dino({ localCount: 3 }).map(names)).toEqual([base, [...base, "solarize"], base, base, base]);
  expect(policies.dino()).toHaveLength(10);
  expect(names(policies.weak())).toEqual(["randomResizedCrop", "horizontalFlip"]);
  expect(names(policies.supervised())).toEqual(names(policies.weak()));
  expect(names(policies.strong())).toEqual(names(policies.sceStrong()));
});

test("an option that is undefined has its default", () => {
  const not = undefined as unknown as number;
  const noRange = undefined as unknown as [number, number];
  const drawn = (one: Policy) =>
    Array.from({ length: 200 }, (_, item) =>
      one.augmentations.map((augmentation) => augmentation.draw(seededRandom(item), [96, 96, 3])),
    );
  for (const [given, plain] of [
    [policies.strong({ blur: not, scale: noRange, strength: not, size: not }), policies.strong()],
    [policies.moco({ blur: not, scale: noRange }), policies.moco()],
    [policies.weak({ scale: noRange }), policies.weak()],
    [policies.byol({ scale: noRange, size: not })[1], policies.byol()[1]],
    [policies.dino({ localScale: noRange, localSize: not })[5], policies.dino()[5]],
  ] as [Policy, Policy][]) {
    expect(drawn(given)).toEqual(drawn(plain));
  }
  expect(policies.dino({ localCount: not })).toHaveLength(10);
});

test("of ratios that no box of the image can have, the one in the middle has a pixel", () => {
  const [crop] = policy("flat", randomResizedCrop({ ratio: [100, 200] })).augmentations;
  expect(crop?.draw(seededRandom(1), [32, 32, 3])).toEqual({ top: 15, left: 0, height: 1, width: 32 });
});

test("views differ in blur, solarization and area as the papers say", () => {
  const share = (one: Policy, name: string) => {
    const augmentation = one.augmentations.find((other) => other.name === name);
    const drawn = Array.from({ length: 3000 }, (_, item) => augmentation?.draw(seededRandom(item), [96, 96, 3]));
    return drawn.filter((parameters) => parameters?.["applied"]).length / drawn.length;
  };
  const blurs = (all: readonly Policy[]) => all.map((one) => Math.round(20 * share(one, "gaussianBlur")) / 20);
  expect(blurs(policies.byol())).toEqual([1, 0.1]);
  expect(blurs(policies.swav().slice(1, 4))).toEqual([0.5, 0.5, 0.5]);
  expect(blurs(policies.dino().slice(0, 4))).toEqual([1, 0.1, 0.5, 0.5]);
  for (const [, second] of [policies.byol(), policies.dino()]) {
    expect(Math.abs(share(second as Policy, "solarize") - 0.2)).toBeLessThan(0.03);
  }
  const areas = (one: Policy) => {
    const drawn = Array.from({ length: 3000 }, (_, item) =>
      one.augmentations[0]?.draw(seededRandom(item), [320, 320, 3]),
    );
    const shares = drawn.map((box) => (Number(box?.["width"]) * Number(box?.["height"])) / 320 ** 2);
    return [Math.min(...shares), Math.max(...shares)].map((area) => Math.round(100 * area) / 100);
  };
  expect(areas(policies.swav()[0] as Policy)).toEqual([0.14, 0.99]);
  expect(areas(policies.swav()[2] as Policy)).toEqual([0.05, 0.14]);
  expect(areas(policies.dino()[1] as Policy)).toEqual([0.4, 0.99]);
  expect(areas(policies.dino()[2] as Policy)).toEqual([0.05, 0.4]);
});
