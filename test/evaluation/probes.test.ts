import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/check/index.js";
import { memory, tensor2d } from "../../src/engine/tensor.js";
import { knnProbe, linearProbe } from "../../src/evaluation/index.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { python } from "../engine/wasm/torchReference.js";

useTestEngine();

/** Overlapping clusters in features of very unlike scales, so that neither probe is perfect. */
function clusters(rows: number, seed: number, dimensions = 16, classes = 5) {
  const centers = seededRandom(99);
  const means = Array.from({ length: classes }, () => Array.from({ length: dimensions }, () => centers.normal() * 0.7));
  const random = seededRandom(seed);
  const labels = Int32Array.from({ length: rows }, () => random.integer(classes));
  const features = Array.from(labels, (label) =>
    (means[label] as number[]).map((mean, axis) => (mean + random.normal()) * (1 + axis)),
  );
  return { features, labels };
}

function split(trainRows = 600, testRows = 500) {
  const [train, held] = [clusters(trainRows, 1), clusters(testRows, 2)];
  const given = { x: train.features, y: Array.from(train.labels), tx: held.features, ty: Array.from(held.labels) };
  const labelled = {
    train: { features: tensor2d(train.features), labels: train.labels },
    test: { features: tensor2d(held.features), labels: held.labels },
  };
  return { given, labelled };
}

describe("linearProbe", () => {
  test("agrees with scikit-learn's LogisticRegression on standardized features", async () => {
    const { given, labelled } = split();
    const before = memory().numTensors;
    const { accuracy, trainAccuracy, predictions, iterations } = await linearProbe(labelled);
    expect(memory().numTensors).toBe(before);
    const expected = python<{ accuracy: number; train: number; predictions: number[] }>(
      `
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
scaler = StandardScaler().fit(given["x"])
x, tx = scaler.transform(given["x"]), scaler.transform(given["tx"])
model = LogisticRegression(max_iter=1000).fit(x, given["y"])
answer = {"accuracy": model.score(tx, given["ty"]), "train": model.score(x, given["y"]), "predictions": model.predict(tx).tolist()}`,
      given,
    );
    expect(accuracy).toBeGreaterThan(0.7);
    expect(accuracy).toBeLessThan(0.99);
    expect(Math.abs(accuracy - expected.accuracy)).toBeLessThanOrEqual(0.01);
    expect(Math.abs(trainAccuracy - expected.train)).toBeLessThanOrEqual(0.01);
    const alike = expected.predictions.filter((label, row) => label === predictions[row]).length;
    expect(alike / predictions.length).toBeGreaterThan(0.99);
    expect(iterations).toBeLessThan(200);
  });

  test("gives the same answer twice", async () => {
    const { labelled } = split();
    const [a, b] = [await linearProbe(labelled), await linearProbe(labelled)];
    expect(a).toEqual(b);
  });

  test("a feature that never changes does no harm", async () => {
    const features = tensor2d([
      [7, -1],
      [7, -2],
      [7, 1],
      [7, 2],
    ]);
    const labelled = { features, labels: [0, 0, 1, 1] };
    expect((await linearProbe({ train: labelled, test: labelled })).accuracy).toBe(1);
  });

  test("rejects labels that do not fit", async () => {
    const features = tensor2d([[1], [2]]);
    const right = { features, labels: [0, 1] };
    const call = linearProbe({ train: { features, labels: [0] }, test: right });
    await expect(call).rejects.toThrow("linearProbe: train.labels must have one label per row, got 1 for 2");
    const negative = linearProbe({ train: right, test: { features, labels: [0, -1] } });
    await expect(negative).rejects.toThrow("linearProbe: test.labels must be integers >= 0, got -1");
  });
});

describe("knnProbe", () => {
  test("equals the vote written as loops", async () => {
    const { given, labelled } = split(300, 60);
    const before = memory().numTensors;
    const { predictions, accuracy } = await knnProbe(labelled, { k: 20, temperature: 0.07 });
    expect(memory().numTensors).toBe(before);
    const length = (row: number[]) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    let right = 0;
    for (const [index, query] of given.tx.entries()) {
      const similarities = given.x.map((row, other) => ({
        other,
        cosine: row.reduce((sum, x, axis) => sum + x * (query[axis] as number), 0) / length(row) / length(query),
      }));
      similarities.sort((a, b) => b.cosine - a.cosine);
      const votes = [0, 0, 0, 0, 0];
      for (const { other, cosine } of similarities.slice(0, 20)) {
        const label = given.y[other] as number;
        votes[label] = (votes[label] as number) + Math.exp(cosine / 0.07);
      }
      const winner = votes.indexOf(Math.max(...votes));
      expect(predictions[index]).toBe(winner);
      if (winner === given.ty[index]) right++;
    }
    expect(accuracy).toBeCloseTo(right / 60, 10);
  });

  test("agrees with scikit-learn's KNeighborsClassifier", async () => {
    const { given, labelled } = split(1000, 400);
    const { predictions, k } = await knnProbe(labelled);
    expect(k).toBe(200);
    const expected = python<number[]>(
      `
import numpy as np
from sklearn.neighbors import KNeighborsClassifier
unit = lambda x: np.array(x) / np.linalg.norm(x, axis=1, keepdims=True)
weight = lambda distance: np.exp((1 - distance) / 0.1)
model = KNeighborsClassifier(200, weights=weight, metric="cosine", algorithm="brute").fit(unit(given["x"]), given["y"])
answer = model.predict(unit(given["tx"])).tolist()`,
      given,
    );
    const alike = expected.filter((label, row) => label === predictions[row]).length;
    expect(alike / expected.length).toBeGreaterThan(0.99);
  });

  test("takes all rows where there are fewer than 200, but not a k above them", async () => {
    const { labelled } = split(50, 10);
    expect((await knnProbe(labelled)).k).toBe(50);
    await expect(knnProbe(labelled, { k: 200 })).rejects.toThrow(
      "knnProbe: k must be at most the 50 training rows, got 200",
    );
    await expect(knnProbe(labelled, { temperature: 0 })).rejects.toThrow("knnProbe: temperature must be > 0, got 0");
  });

  test("does not overflow at a small temperature", async () => {
    const { labelled } = split(50, 10);
    const cold = await knnProbe(labelled, { k: 20, temperature: 1e-4 });
    expect(cold.predictions).toEqual((await knnProbe(labelled, { k: 1 })).predictions);
  });
});
