import { shapes } from "../../src/data/index.js";
import type { Encoder } from "../../src/encoders/index.js";
import { engine } from "../../src/engine/index.js";
import { dispose, type Scalar, type Tensor2D, variableGrads } from "../../src/engine/tensor.js";
import { knnProbe, type Labelled, linearProbe, represent } from "../../src/evaluation/index.js";
import { type Method, moco, sce, simclr } from "../../src/methods/index.js";
import { sgd } from "../../src/training/sgd.js";
import { tinyEncoder, viewsOf } from "../methods/tinyEncoder.js";

const queueSize = 12;
const makers: Record<string, (encoder: Encoder) => Method> = {
  simclr: (encoder) => simclr({ encoder }),
  moco: (encoder) => moco({ encoder, queueSize, batchNormParts: 2 }),
  sce: (encoder) => sce({ encoder, queueSize }),
};

/** Results by name, each a list of numbers. */
export type Numbers = Record<string, number[]>;

/** Two steps of every method, its pair table and both probes on an engine. */
export async function methodsOn(name: string): Promise<Numbers> {
  await engine.use(name);
  const numbers: Numbers = {};
  for (const [method, make] of Object.entries(makers)) {
    for (const [what, values] of Object.entries(await trained(make))) numbers[`${method}: ${what}`] = values;
  }
  return { ...numbers, ...(await probed()) };
}

async function trained(make: (encoder: Encoder) => Method): Promise<Numbers> {
  const encoder = tinyEncoder();
  const method = make(encoder);
  const optimizer = sgd(encoder.trainableVariables());
  const numbers: Numbers = {};
  for (const step of [0, 1]) {
    const { images, refs } = viewsOf(method, 6, 6 * step);
    const variables = encoder.trainableVariables();
    const { value, grads } = variableGrads(() => method.loss(images, refs) as Scalar, variables);
    numbers[`loss ${step}`] = [...(await value.data())];
    const gradients = await Promise.all(variables.map((variable) => grads[variable.name]?.data()));
    numbers[`gradients ${step}`] = gradients.flatMap((gradient) => [...(gradient as Float32Array)]);
    optimizer.update(grads, 0.1);
    method.afterUpdate();
    dispose([value, grads, images]);
  }
  const { images, refs } = viewsOf(method, 6, 12);
  const table = method.pairTable(images, refs);
  numbers["force"] = [...(await (table.force as Tensor2D).data())];
  table.dispose();
  dispose(images);
  const parameters = await Promise.all(encoder.variables().map((variable) => variable.data()));
  numbers["variables after"] = parameters.flatMap((values) => [...values]);
  optimizer.dispose();
  method.dispose();
  encoder.dispose();
  return numbers;
}

async function probed(): Promise<Numbers> {
  const encoder = tinyEncoder();
  const train = await represented(encoder, 0);
  const test = await represented(encoder, 60);
  const knn = await knnProbe({ train, test });
  const linear = await linearProbe({ train, test });
  const representations = [...(await train.features.data())];
  dispose([train.features, test.features]);
  encoder.dispose();
  return { representations, knn: [...knn.predictions], linear: [...linear.predictions] };
}

async function represented(encoder: Encoder, firstId: number): Promise<Labelled> {
  const data = shapes({ count: 60, size: 16, seed: 2, firstId });
  return { features: await represent(encoder, data), labels: data.groups.map((group) => group as number) };
}
