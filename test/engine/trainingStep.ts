/**
 * One SimCLR step of a tiny residual network on the engine named by the first word, in a process of its own; prints
 * `{ report, loss, views, gradients }` as JSON.
 */
import { smallResNet } from "../../src/encoders/index.js";
import { engine } from "../../src/engine/index.js";
import { memory, type Scalar, variableGrads } from "../../src/engine/tensor.js";
import { simclr } from "../../src/methods/index.js";
import { viewsOf } from "../methods/tinyEncoder.js";

const report = await engine.use(process.argv[2]);
const encoder = smallResNet({
  imageShape: [16, 16, 3],
  seed: 1,
  widths: [4, 8],
  projector: { hidden: 8, dimensions: 6 },
});
const method = simclr({ encoder });
const { images, refs } = viewsOf(method, 3);
const before = memory().numTensors;
const { value, grads } = variableGrads(() => method.loss(images, refs) as Scalar, encoder.trainableVariables());
const kept = memory().numTensors - before - Object.keys(grads).length - 1;
// Names count up in a process; the order of the layers is the same everywhere.
const gradients = await Promise.all(encoder.trainableVariables().map(({ name }) => grads[name]?.data()));
const answer = {
  report,
  kept,
  loss: (await value.data())[0],
  views: await Promise.all(images.map(async (view) => [...(await view.data())])),
  gradients: gradients.map((gradient) => [...(gradient ?? [])]),
};
process.stdout.write(`\n${JSON.stringify(answer)}\n`);
