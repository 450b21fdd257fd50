import { expect, test } from "vitest";
import { shapes } from "../../src/data/index.js";
import { type Method, simclr } from "../../src/methods/index.js";
import { pretrain } from "../../src/training/index.js";
import { policies } from "../../src/views/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { tinyEncoder } from "./tinyEncoder.js";

useTestEngine();

test("a method gets as many views as it has policies, each of its own size", async () => {
  const base = simclr({ encoder: tinyEncoder(), policies: policies.byol() });
  const seen: number[][] = [];
  const method: Method = {
    ...base,
    policies: policies.dino({ localCount: 2 }),
    loss(views, refs) {
      seen.push(views.map(({ shape }) => shape[1]));
      expect(refs.map((ofView) => ofView[0]?.view)).toEqual([0, 1, 2, 3]);
      return base.loss(views.slice(0, 2), refs.slice(0, 2));
    },
  };
  const data = shapes({ count: 16, size: 16, seed: 2 });
  for await (const { loss } of pretrain(method, data, { steps: 2, batchSize: 8 })) expect(loss).toBeGreaterThan(0);
  expect(seen).toEqual([
    [16, 16, 7, 7],
    [16, 16, 7, 7],
  ]);
});
