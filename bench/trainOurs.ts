import { parseArgs } from "node:util";
import { shapes } from "../src/data/index.js";
import { smallResNet } from "../src/encoders/index.js";
import { engine } from "../src/engine/index.js";
import { simclr } from "../src/methods/index.js";
import { pretrain } from "../src/training/index.js";
import { policies } from "../src/views/index.js";

/** Our side of `train`: prints one JSON object like its peer, peers/simclr.py. The first two steps do not count. */
const { values } = parseArgs({
  options: { steps: { type: "string", default: "24" }, batch: { type: "string", default: "256" } },
});
const [steps, batchSize, warmup] = [Number(values.steps), Number(values.batch), 2];
const { name, version } = await engine.use();
const dataset = shapes({ count: 4096, seed: 0 });
const view = policies.moco();
const encoder = smallResNet({ imageShape: dataset.imageShape, seed: 0 });
const method = simclr({ encoder, policies: [view, view] });
let started = 0;
let loss = Number.NaN;
for await (const step of pretrain(method, dataset, { steps: steps + warmup, batchSize, seed: 0 })) {
  if (step.index === warmup - 1) started = performance.now();
  loss = step.loss;
}
const imagesPerSecond = (steps * batchSize * 1000) / (performance.now() - started);
process.stdout.write(`${JSON.stringify({ imagesPerSecond, loss, versions: { engine: `${name}, ${version}` } })}\n`);
