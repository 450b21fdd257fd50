import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  batchOf,
  classBalanced,
  clusterDisjoint,
  fromArrays,
  gaussianMixture,
  type ImageDataset,
  shapes,
  subset,
  toTensor,
} from "../../src/data/index.js";
import type { Encoder } from "../../src/encoders/index.js";
import { memory, scalar } from "../../src/engine/tensor.js";
import { type Method, moco, sce, simclr } from "../../src/methods/index.js";
import {
  loadEncoder,
  pretrain,
  type Step,
  saveEncoder,
  type TrainingOptions,
  fit as train,
} from "../../src/training/index.js";
import { horizontalFlip, policies, policy } from "../../src/views/index.js";
import { streamed } from "../data/streamed.js";
import { fakeCell } from "../display/fakeCell.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { tinyEncoder } from "../methods/tinyEncoder.js";

useTestEngine();

const data = shapes({ count: 40, size: 16, seed: 2 });
const folder = mkdtempSync(join(tmpdir(), "kontrast-training-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  const spy = vi.spyOn(process.stderr, "write").mockReturnValue(true); // the progress bar
  return () => spy.mockRestore();
});

const makers: [string, (encoder: Encoder) => Method][] = [
  ["simclr", (encoder) => simclr({ encoder })],
  ["moco", (encoder) => moco({ encoder, queueSize: 32 })],
  ["sce", (encoder) => sce({ encoder, queueSize: 32 })],
];

async function collect(method: Method, options: TrainingOptions, dataset: ImageDataset = data): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const step of pretrain(method, dataset, options)) steps.push(step);
  return steps;
}

describe.each(makers)("pretrain %s", (_, make) => {
  test("gives one loss curve for one seed, another for another", async () => {
    const curve = async (seed: number) => {
      const steps = await collect(make(tinyEncoder()), { steps: 4, batchSize: 8, learningRate: 1, seed });
      return steps.map(({ loss }) => loss);
    };
    const first = await curve(3);
    expect(first).toHaveLength(4);
    expect(await curve(3)).toEqual(first);
    expect(await curve(4)).not.toEqual(first);
  });

  test("keeps the number of tensors over 20 steps and lets go of the rest", async () => {
    const before = memory().numTensors;
    const encoder = tinyEncoder();
    const method = make(encoder);
    const counts: number[] = [];
    for await (const _step of pretrain(method, data, { steps: 20, batchSize: 8 })) counts.push(memory().numTensors);
    expect(new Set(counts).size).toBe(1);
    method.dispose();
    encoder.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe("pretrain", () => {
  test("learns: the loss falls", async () => {
    const steps = await collect(simclr({ encoder: tinyEncoder() }), { steps: 40, batchSize: 20, learningRate: 2 });
    const mean = (part: Step[]) => part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
    expect(mean(steps.slice(-10))).toBeLessThan(mean(steps.slice(0, 10)) - 0.1);
  });

  test("counts epochs, drops what is no full batch and follows its schedule", async () => {
    const steps = await collect(simclr({ encoder: tinyEncoder() }), {
      epochs: 3,
      batchSize: 16,
      learningRate: 0.4,
      warmup: 1,
    });
    expect(steps.map(({ index, epoch }) => [index, epoch])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
    ]);
    const peak = (0.4 * 16) / 256;
    const expected = [peak / 2, peak, peak, peak * 0.853553, peak / 2, peak * 0.146447];
    steps.forEach(({ learningRate }, index) => {
      expect(learningRate).toBeCloseTo(expected[index] as number, 7);
    });
  });

  test("ends at a break and at an abort, after the step under way", async () => {
    const method = simclr({ encoder: tinyEncoder() });
    const before = memory().numTensors;
    for await (const step of pretrain(method, data, { steps: 9, batchSize: 8 })) if (step.index === 1) break;
    expect(memory().numTensors).toBe(before);
    const controller = new AbortController();
    const steps: number[] = [];
    for await (const step of pretrain(method, data, { steps: 9, batchSize: 8, signal: controller.signal })) {
      steps.push(step.index);
      if (step.index === 2) controller.abort();
    }
    expect(steps).toEqual([0, 1, 2]);
  });

  test("data that are read piece by piece give the same run, and unreadable images are counted", async () => {
    const options = { epochs: 2, batchSize: 8, learningRate: 1 };
    const losses = async (dataset: ImageDataset) =>
      (await collect(simclr({ encoder: tinyEncoder() }), options, dataset)).map(({ loss }) => loss);
    expect(await losses(streamed(data))).toEqual(await losses(data));
    expect(await losses(shapes({ count: 40, size: 16, seed: 2, lazy: true }))).toEqual(await losses(data));
    const steps = await collect(simclr({ encoder: tinyEncoder() }), options, streamed(data, { unreadable: [3, 30] }));
    expect(steps.reduce((sum, { replaced }) => sum + replaced, 0)).toBe(4);
    const broken = streamed(data, {
      delay: (read) => (read === 3 ? Promise.reject(new Error("disk is gone")) : undefined),
    });
    await expect(collect(simclr({ encoder: tinyEncoder() }), options, broken)).rejects.toThrow("disk is gone");
  });

  test("an abort does not wait for a read that hangs", async () => {
    const controller = new AbortController();
    const hanging = streamed(data, { delay: (read) => (read === 2 ? new Promise(() => {}) : undefined) });
    setTimeout(() => controller.abort(), 200);
    const options = { steps: 9, batchSize: 8, signal: controller.signal };
    expect(await collect(simclr({ encoder: tinyEncoder() }), options, hanging)).toHaveLength(2);
  });

  test("goes on at a step as if it had not ended", async () => {
    const options = { steps: 8, batchSize: 8, learningRate: 1, momentum: 0, seed: 3 };
    const whole = await collect(moco({ encoder: tinyEncoder(), queueSize: 32 }), options);
    const method = moco({ encoder: tinyEncoder(), queueSize: 32 });
    const parts: Step[] = [];
    for await (const step of pretrain(method, data, options)) {
      parts.push(step);
      if (step.index === 5) break;
    }
    for await (const step of pretrain(method, data, { ...options, firstStep: 6 })) parts.push(step);
    const known = ({ index, epoch, loss, learningRate }: Step) => ({ index, epoch, loss, learningRate });
    expect(parts.map(known)).toEqual(whole.map(known));
    await expect(pretrain(method, data, { ...options, firstStep: -1 }).next()).rejects.toThrow(
      "pretrain: firstStep must be an integer >= 0, got -1",
    );
    await expect(pretrain(method, data, { ...options, firstStep: 8 }).next()).rejects.toThrow(
      "pretrain: firstStep must be < 8 (the training's steps), got 8",
    );
  });

  test("a step that throws leaves nothing behind", async () => {
    const encoder = tinyEncoder();
    const fails = { ...horizontalFlip(), name: "fails", apply: () => expect.unreachable("as it should") };
    const method = { ...simclr({ encoder }), policies: [policies.none(), policy("own", fails)] };
    const broken = { ...simclr({ encoder }), loss: () => expect.unreachable("as it should") };
    const before = memory().numTensors;
    for (const one of [method, broken]) {
      await expect(collect(one, { steps: 1, batchSize: 8 })).rejects.toThrow("as it should");
      expect(memory().numTensors).toBe(before);
    }
  });

  test("names the data whose images have other channels than the encoder", async () => {
    const gray = fromArrays({ images: new Uint8Array(40 * 256), imageShape: [16, 16, 1] });
    await expect(collect(simclr({ encoder: tinyEncoder() }), { steps: 1, batchSize: 8 }, gray)).rejects.toThrow(
      /^pretrain: images of ".*" must have 3 channels, which the encoder is made for, got 1; make it with imageShape: dataset.imageShape$/,
    );
  });

  test("says what is not images, where no compiler has looked", async () => {
    const method = simclr({ encoder: tinyEncoder() });
    const pretrained = (given: object) => pretrain(method, given as ImageDataset, { steps: 1 }).next();
    await expect(pretrained(Promise.resolve(data))).rejects.toThrow(
      "pretrain: data must be images, got a promise; put await before what loads them",
    );
    await expect(pretrained(gaussianMixture({ count: 10 }))).rejects.toThrow(
      "pretrain: data must be images, got vectors; read them in a loop of your own",
    );
  });

  test("takes its batches from a sampler", async () => {
    const seen: number[][] = [];
    const method = simclr({ encoder: tinyEncoder() });
    const watched: Method = {
      ...method,
      loss: (views, refs) => {
        seen.push((refs[0] ?? []).map(({ item }) => data.groups[item] as number));
        return method.loss(views, refs);
      },
    };
    await collect(watched, { epochs: 1, batchSize: 4, sampler: clusterDisjoint() });
    expect(seen.length).toBeGreaterThan(4);
    for (const groups of seen) expect(new Set(groups).size).toBe(4);
  });

  test("lets timers fire between steps", async () => {
    let fired = false;
    setTimeout(() => {
      fired = true;
    }, 0);
    await collect(simclr({ encoder: tinyEncoder() }), { steps: 4, batchSize: 8 });
    expect(fired).toBe(true);
  });

  test("names the step of a NaN loss and the way out", async () => {
    const before = memory().numTensors;
    const encoder = tinyEncoder();
    const method = simclr({ encoder });
    let calls = 0;
    const broken: Method = {
      ...method,
      loss: (views, refs) =>
        calls++ === 3 ? method.loss(views, refs).mul(scalar(Number.NaN)) : method.loss(views, refs),
    };
    await expect(collect(broken, { steps: 9, batchSize: 8, learningRate: 0.5 })).rejects.toThrow(
      "pretrain: loss is NaN at step 3; lower the learning rate (now 0.5)",
    );
    encoder.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test.each([
    [{ steps: 1, batchSize: 256 }, "pretrain: batchSize must be <= 40 (the data's size), got 256"],
    [{}, "pretrain: exactly one of epochs and steps must be given, got undefined and undefined"],
    [{ steps: 1, epochs: 1 }, "pretrain: exactly one of epochs and steps must be given, got 1 and 1"],
    [{ steps: 0, batchSize: 8 }, "pretrain: steps must be > 0, got 0"],
    [
      { steps: 1, batchSize: 40, sampler: clusterDisjoint() },
      "clusterDisjoint: batchSize must be <= 9 (the number of clusters), got 40",
    ],
    [{ steps: 4, batchSize: 8, warmup: 5 }, "pretrain: warmup must be between 0 and the run's 4 steps, got 5 steps"],
    [{ steps: 1, batchSize: 8, learningRate: 0 }, "pretrain: learningRate must be > 0, got 0"],
    [
      { steps: 1, batchSize: 8, seed: 0.5 },
      "pretrain: seed must be an integer from -9007199254740991 to 9007199254740991, got 0.5",
    ],
    [{ steps: 1, batchSize: 8, momentum: 2 }, "sgd: momentum must be in [0, 1], got 2"],
    [{ steps: 1, batchSize: 8, weightDecay: -1 }, "sgd: weightDecay must be >= 0 and finite, got -1"],
  ])("rejects %o", async (options, message) => {
    await expect(collect(simclr({ encoder: tinyEncoder() }), options)).rejects.toThrow(message);
  });
});

describe("fit", () => {
  test("keeps a run: configuration, metrics, weights, summary", async () => {
    const encoder = tinyEncoder();
    const runFolder = join(folder, "kept");
    const options = { epochs: 2, batchSize: 16, seed: 9, runFolder };
    const run = await train(moco({ encoder, queueSize: 32 }), data, options);
    expect(run).toMatchObject({
      folder: runFolder,
      interrupted: false,
      provenance: { run: "kept", seed: 9, epoch: 2 },
    });
    expect(readdirSync(runFolder).sort()).toEqual(["config.json", "metrics.jsonl", "summary.json", "weights"]);
    const json = (name: string) => JSON.parse(readFileSync(join(runFolder, name), "utf8"));
    expect(json("config.json")).toMatchObject({
      method: {
        name: "moco",
        options: { temperature: 0.1, queueSize: 32, momentum: 0.99 },
        policies: ["moco", "moco"],
      },
      data: { name: "shapes", size: 40, imageShape: [16, 16, 3] },
      training: {
        steps: 4,
        batchSize: 16,
        learningRate: 0.06,
        momentum: 0.9,
        weightDecay: 5e-4,
        decay: "weights",
        seed: 9,
        sampler: "shuffled",
      },
      versions: { tfjs: "4.22.0" },
    });
    const lines = readFileSync(join(runFolder, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(run.history);
    expect(json("summary.json")).toMatchObject({ steps: 4, epochs: 2, interrupted: false, provenance: run.provenance });
    const images = toTensor(batchOf(data, [0, 1, 2]));
    const loaded = await loadEncoder(join(runFolder, "weights"));
    expect(loaded.embed(images).arraySync()).toEqual(encoder.embed(images).arraySync());
    expect(loaded.trainableVariables()).toHaveLength(encoder.trainableVariables().length);
    const again = await train(moco({ encoder, queueSize: 32 }), data, {
      ...options,
      steps: 4,
      epochs: undefined,
      replaceRun: true,
    } as never);
    expect(again.provenance.configurationHash).toBe(run.provenance.configurationHash);
    await expect(train(simclr({ encoder: tinyEncoder() }), data, options)).rejects.toThrow(
      `fit: runFolder must not hold an earlier run, got ${runFolder}; choose another name, or set replaceRun: true`,
    );
    const balanced = { ...options, runFolder: join(folder, "balanced"), batchSize: 8, sampler: classBalanced() };
    const sampled = await train(moco({ encoder, queueSize: 32 }), subset(data, { to: 39 }), balanced);
    expect(JSON.parse(readFileSync(join(folder, "balanced", "config.json"), "utf8")).training.sampler).toBe(
      "classBalanced",
    );
    expect(sampled.replaced).toBe(0);
    const other = await train(moco({ encoder, queueSize: 32 }), data, { steps: 1, batchSize: 16 });
    expect(other.provenance.configurationHash).not.toBe(run.provenance.configurationHash);
    expect(other).not.toHaveProperty("folder");
  });

  test("an interrupt of the cell ends the step, saves and says so", async () => {
    const runFolder = join(folder, "interrupted");
    const cell = fakeCell();
    setTimeout(() => cell.controller.abort(), 20);
    const run = await train(simclr({ encoder: tinyEncoder() }), data, { steps: 100_000, batchSize: 8, runFolder });
    cell.end();
    expect(run.interrupted).toBe(true);
    expect(run.history.length).toBeLessThan(1000);
    const summary = JSON.parse(readFileSync(join(runFolder, "summary.json"), "utf8"));
    expect(summary).toMatchObject({ interrupted: true, steps: run.history.length });
    expect(cell.shown.at(-1)?.bundle["text/plain"]).toMatch(/^interrupted: .*images\/s .*interrupted$/);
    await expect(loadEncoder(join(runFolder, "weights"))).resolves.toBeDefined();
  });

  test("a failed run keeps its metrics and has no summary", async () => {
    const runFolder = join(folder, "failed");
    const method = simclr({ encoder: tinyEncoder() });
    let calls = 0;
    const broken: Method = { ...method, loss: (...views) => method.loss(...views).mul(calls++ < 2 ? 1 : Number.NaN) };
    await expect(train(broken, data, { steps: 5, batchSize: 8, runFolder })).rejects.toThrow("loss is NaN at step 2");
    expect(readdirSync(runFolder).sort()).toEqual(["config.json", "metrics.jsonl"]);
    expect(readFileSync(join(runFolder, "metrics.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(2);
  });
});

describe("saveEncoder", () => {
  test("writes the tfjs layers format, whole files only", async () => {
    const place = join(folder, "saved");
    await saveEncoder(tinyEncoder(), place);
    await saveEncoder(tinyEncoder(), place);
    expect(readdirSync(join(place, "backbone")).sort()).toEqual(["model.json", "weights.bin"]);
    const model = JSON.parse(readFileSync(join(place, "backbone", "model.json"), "utf8"));
    expect(model).toMatchObject({ format: "layers-model", weightsManifest: [{ paths: ["weights.bin"] }] });
  });

  test("says which file is missing", async () => {
    await expect(loadEncoder(join(folder, "nowhere"))).rejects.toThrow(
      /^loadEncoder: cannot read .*backbone\/model.json/,
    );
  });
});
