import { describe, expect, test } from "vitest";
import { copyWeights, modelEncoder, moveTowards, smallResNet } from "../../src/encoders/index.js";
import { io, loadLayersModel, memory, randomUniform, type Tensor4D, variableGrads } from "../../src/engine/tensor.js";
import { useTestEngine } from "../engine/useTestEngine.js";

useTestEngine();

const small = { imageShape: [8, 8, 3], seed: 1, widths: [4, 8], projector: { hidden: 6, dimensions: 5 } } as const;
const someImages = (seed = 1) => randomUniform([4, 8, 8, 3], 0, 1, "float32", seed) as Tensor4D;
const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] as number))), 0);

describe("smallResNet", () => {
  test("maps images to representations and to embeddings of unit length", async () => {
    const encoder = smallResNet(small);
    expect(encoder.represent(someImages()).shape).toEqual([4, 8]);
    const z = encoder.embed(someImages(), { training: true });
    expect(z.shape).toEqual([4, 5]);
    for (const length of await z.norm(2, 1).data()) expect(length).toBeCloseTo(1, 5);
  });

  test("the seed decides the weights", async () => {
    const [a, b, c] = [1, 1, 2].map((seed) =>
      smallResNet({ ...small, seed })
        .represent(someImages())
        .dataSync(),
    );
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test("weights have the deviation of He's initialization and biases are zero", async () => {
    const encoder = smallResNet({ imageShape: [32, 32, 3], seed: 3 });
    const named = (name: string) => encoder.trainableVariables().find((variable) => variable.name.includes(name));
    const values = (await named("stage3_second_convolution/kernel")?.data()) as Float32Array;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.sqrt(variance)).toBeCloseTo(Math.sqrt(2 / (9 * 64)), 3);
    expect(Array.from((await named("embedding/bias")?.data()) as Float32Array)).toEqual(new Array(128).fill(0));
  });

  test("inference and training leak no tensor", () => {
    const encoder = smallResNet(small);
    const images = someImages();
    const before = memory().numTensors;
    encoder.represent(images).dispose();
    encoder.embed(images, { training: true }).dispose();
    const { value, grads } = variableGrads(() => encoder.embed(images, { training: true }).sum().asScalar());
    for (const tensor of [value, ...Object.values(grads)]) tensor.dispose();
    expect(memory().numTensors).toBe(before);
    encoder.dispose();
  });

  test("every trainable variable gets a gradient and the moving statistics none", () => {
    const encoder = smallResNet(small);
    const variables = encoder.trainableVariables();
    const { grads } = variableGrads(
      () => encoder.embed(someImages(), { training: true }).slice([0, 0], [2, 5]).mul([1, 2, 3, 4, 5]).sum().asScalar(),
      variables,
    );
    expect(Object.keys(grads).sort()).toEqual(variables.map(({ name }) => name).sort());
    const still = Object.entries(grads).filter(([, gradient]) => (gradient.abs().max().dataSync()[0] as number) === 0);
    expect(still.map(([name]) => name)).toEqual([]);
    expect(variables.some(({ name }) => name.includes("moving"))).toBe(false);
    expect(encoder.variables().length - variables.length).toBe(14);
  });

  test("training moves the moving statistics, unless told not to", async () => {
    const encoder = smallResNet(small);
    const statistic = encoder.variables().at(-1) as { dataSync(): ArrayLike<number> };
    const before = Array.from(statistic.dataSync());
    encoder.embed(someImages(), { training: true, updateStatistics: false });
    encoder.embed(someImages());
    expect(Array.from(statistic.dataSync())).toEqual(before);
    encoder.embed(someImages(), { training: true });
    expect(Array.from(statistic.dataSync())).not.toEqual(before);
  });

  test("normalizes with moving statistics that converge to those of the batch", async () => {
    const encoder = smallResNet(small);
    const images = someImages();
    for (let pass = 0; pass < 90; pass++) encoder.embed(images, { training: true }).dispose();
    const [inference, training] = [false, true].map((flag) => encoder.embed(images, { training: flag }).dataSync());
    expect(difference(inference as Float32Array, training as Float32Array)).toBeLessThan(1e-2);
  });

  test("survives saving and loading in the tfjs format", async () => {
    const encoder = smallResNet(small);
    encoder.embed(someImages(2), { training: true });
    const models = await Promise.all(
      [encoder.backbone, encoder.projector].map(async (model) => {
        let saved: io.ModelArtifacts = {};
        await model.save(
          io.withSaveHandler(async (artifacts) => {
            saved = artifacts;
            return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
          }),
        );
        return loadLayersModel(io.fromMemory(saved));
      }),
    );
    const loaded = modelEncoder(...(models as [(typeof models)[0], (typeof models)[0]]));
    const [expected, actual] = [encoder, loaded].map((each) => each.embed(someImages()).dataSync());
    expect(difference(expected as Float32Array, actual as Float32Array)).toBeLessThan(1e-6);
    expect(loaded.trainableVariables().map(({ shape }) => shape)).toEqual(
      encoder.trainableVariables().map(({ shape }) => shape),
    );
  });

  test("rejects widths that are none", () => {
    expect(() => smallResNet({ ...small, widths: [] })).toThrow(
      "smallResNet: widths must be positive integers, got []",
    );
  });
});

describe("teacher", () => {
  test("copyWeights copies everything", async () => {
    const [student, teacher] = [1, 2].map((seed) => smallResNet({ ...small, seed })) as [never, never];
    (student as ReturnType<typeof smallResNet>).embed(someImages(), { training: true });
    copyWeights(student, teacher);
    const [a, b] = [student, teacher].map((each: ReturnType<typeof smallResNet>) =>
      each.embed(someImages()).dataSync(),
    );
    expect(a).toEqual(b);
  });

  test("moveTowards averages what is trained, in place, and leaves the moving statistics", () => {
    const [student, teacher] = [1, 2].map((seed) => smallResNet({ ...small, seed })) as [
      ReturnType<typeof smallResNet>,
      ReturnType<typeof smallResNet>,
    ];
    student.embed(someImages(), { training: true });
    const values = (encoder: typeof student) => encoder.variables().map((variable) => Array.from(variable.dataSync()));
    const [of, to] = [values(teacher), values(student)];
    const identities = teacher.variables().map(({ id }) => id);
    const before = memory().numTensors;
    moveTowards(teacher, student, 0.75);
    expect(memory().numTensors).toBe(before);
    expect(teacher.variables().map(({ id }) => id)).toEqual(identities);
    const trained = teacher.trainableVariables().length;
    for (const [index, actual] of values(teacher).entries()) {
      const expected = of[index]?.map((old, place) =>
        index < trained ? 0.75 * old + 0.25 * (to[index]?.[place] as number) : old,
      );
      expect(difference(actual, expected as number[])).toBeLessThan(1e-6);
    }
  });

  test("refuses another architecture and a momentum outside [0, 1]", () => {
    const a = smallResNet(small);
    const b = smallResNet({ ...small, widths: [4, 9] });
    expect(() => copyWeights(a, b)).toThrow("copyWeights: the encoders must have one architecture");
    expect(() => moveTowards(a, a, 2)).toThrow("moveTowards: momentum must be in [0, 1], got 2");
  });
});
