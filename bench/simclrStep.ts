import { parseArgs } from "node:util";
import { requireOneOf } from "../src/check/index.js";
import { resNet18, smallResNet } from "../src/encoders/index.js";
import { engine, withPrecision } from "../src/engine/index.js";
import { dispose, randomUniform, split, type Tensor2D, type Tensor4D } from "../src/engine/tensor.js";
import { variableGradients } from "../src/engine/variableGradients.js";
import { ntXent } from "../src/objectives/index.js";
import { sgd } from "../src/training/sgd.js";

/** Our side of a training step alone: options and output as of its peer, peers/simclrStep.py. */
const { values } = parseArgs({
  options: {
    model: { type: "string", default: "resnet18" },
    batch: { type: "string", default: "64" },
    size: { type: "string", default: "32" },
    precision: { type: "string", default: "float32" },
    steps: { type: "string", default: "5" },
    warmup: { type: "string", default: "2" },
    temperature: { type: "string", default: "0.5" },
  },
});
const [batch, size, temperature] = [Number(values.batch), Number(values.size), Number(values.temperature)];
const { name, version } = await engine.use();
const precision = requireOneOf("simclrStep", "precision", values.precision, ["float32", "bfloat16"]);
const build = { resnet18: resNet18, small: smallResNet }[
  requireOneOf("simclrStep", "model", values.model, ["resnet18", "small"])
];
const encoder = build({ imageShape: [size, size, 3], seed: 0 });
const optimizer = sgd(encoder.trainableVariables());
const views = randomUniform([2 * batch, size, size, 3], 0, 1, "float32", 0) as Tensor4D;

async function step(): Promise<number> {
  const { value, grads } = withPrecision(precision, () =>
    variableGradients(() => {
      const [z1, z2] = split(encoder.embed(views, { training: true }), 2, 0) as [Tensor2D, Tensor2D];
      return ntXent.ofViews(z1, z2, { temperature });
    }, encoder.trainableVariables()),
  );
  optimizer.update(grads, 0.06);
  const [loss = Number.NaN] = await value.data();
  dispose([value, grads]);
  return loss;
}

for (let i = 0; i < Number(values.warmup); i++) await step();
const seconds: number[] = [];
const processorSeconds: number[] = [];
let loss = Number.NaN;
for (let i = 0; i < Number(values.steps); i++) {
  const [wall, before] = [performance.now(), process.cpuUsage()];
  loss = await step();
  const { user, system } = process.cpuUsage(before);
  seconds.push((performance.now() - wall) / 1000);
  processorSeconds.push((user + system) / 1e6);
}
const peakMemory = process.resourceUsage().maxRSS * 1024;
const measured = { seconds, processorSeconds, peakMemory, loss, versions: { engine: `${name}, ${version}` } };
process.stdout.write(`${JSON.stringify(measured)}\n`);
