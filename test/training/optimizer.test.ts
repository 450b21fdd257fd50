import { describe, expect, test } from "vitest";
import { tensor, tensor2d, variable } from "../../src/engine/tensor.js";
import { type SgdOptions, sgd, warmupCosine } from "../../src/training/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { python } from "../objectives/fixture.js";

useTestEngine();

const start = {
  weight: [
    [0.5, -1],
    [2, 0.25],
  ],
  bias: [1, -2],
};
const slopes = [0.3, -0.7, 1.1, 0.2];

/** PyTorch's SGD from `start` along gradients slope·weight and slope, for each set of options. */
function inPyTorch(cases: readonly SgdOptions[]): { weight: number[][]; bias: number[] }[] {
  return python(
    `
import json, sys, torch
given = json.load(sys.stdin)
def run(decay, momentum, weightDecay):
    weight, bias = (torch.tensor(given["start"][name], dtype=torch.float64, requires_grad=True) for name in ("weight", "bias"))
    groups = [{"params": [weight]}, {"params": [bias], "weight_decay": weightDecay if decay == "all" else 0}]
    optimizer = torch.optim.SGD(groups, lr=1, momentum=momentum, weight_decay=weightDecay)
    for step, slope in enumerate(given["slopes"]):
        for group in optimizer.param_groups: group["lr"] = .1 / (step + 1)
        optimizer.zero_grad()
        (slope * (weight ** 2).sum() / 2 + slope * bias.sum()).backward()
        optimizer.step()
    return {"weight": weight.tolist(), "bias": bias.tolist()}
print(json.dumps([run(**case) for case in given["cases"]]))`,
    { start, slopes, cases },
  );
}

describe("sgd", () => {
  test("updates as PyTorch does", () => {
    const cases = [
      { decay: "all", momentum: 0.9, weightDecay: 0.1 },
      { decay: "all", momentum: 0, weightDecay: 0 },
      { decay: "weights", momentum: 0.9, weightDecay: 0.1 },
    ] as const;
    inPyTorch(cases).forEach((reference, index) => {
      const weight = variable(tensor2d(start.weight));
      const bias = variable(tensor(start.bias));
      const optimizer = sgd([weight, bias], cases[index]);
      slopes.forEach((slope, step) => {
        const gradients = { [weight.name]: weight.mul(slope), [bias.name]: tensor([slope, slope]) };
        optimizer.update(gradients, 0.1 / (step + 1));
      });
      const found = [...weight.dataSync(), ...bias.dataSync()];
      [...reference.weight.flat(), ...reference.bias].forEach((value, at) => {
        expect(found[at], JSON.stringify(cases[index])).toBeCloseTo(value, 6);
      });
      optimizer.dispose();
    });
  });
});

describe("warmupCosine", () => {
  test("is PyTorch's LinearLR followed by CosineAnnealingLR", () => {
    const reference = python<number[]>(
      `
import json, warnings, torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR
warnings.simplefilter("ignore")
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=.3)
warmup = LinearLR(optimizer, start_factor=1 / 5, total_iters=4)
schedule = SequentialLR(optimizer, [warmup, CosineAnnealingLR(optimizer, T_max=15)], milestones=[5])
rates = []
for step in range(20):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    schedule.step()
print(json.dumps(rates))`,
      {},
    );
    const schedule = warmupCosine({ peak: 0.3, steps: 20, warmupSteps: 5 });
    reference.forEach((rate, step) => {
      expect(schedule(step)).toBeCloseTo(rate, 12);
    });
  });

  test("starts at the peak without warm-up, halves it half-way and ends at 0", () => {
    const schedule = warmupCosine({ peak: 2, steps: 10, warmupSteps: 0 });
    expect([0, 5, 10].map(schedule)).toEqual([2, expect.closeTo(1, 12), expect.closeTo(0, 12)]);
  });

  test("rejects a warm-up longer than the run", () => {
    expect(() => warmupCosine({ peak: 1, steps: 10, warmupSteps: 12 })).toThrow(
      "warmupCosine: warmupSteps must be <= steps (10), got 12",
    );
    expect(() => warmupCosine({ peak: 0, steps: 10, warmupSteps: 1 })).toThrow("warmupCosine: peak must be > 0, got 0");
  });
});
