// Runs alone in a process, so that its memory is nobody else's: prints what grew while it worked. See memory.test.ts.
import { shapes } from "../../../src/data/index.js";
import {
  dispose,
  fill,
  layers,
  matMul,
  memory,
  randomNormal,
  sequential,
  type Tensor2D,
  tidy,
} from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { loadAddon } from "../../../src/engine/torch/loader.js";
import { represent } from "../../../src/evaluation/index.js";
import { simclr } from "../../../src/methods/index.js";
import { pretrain } from "../../../src/training/index.js";
import { tinyEncoder } from "../../methods/tinyEncoder.js";

await start();
const addon = loadAddon();
const growth = { tensors: [] as number[], native: [] as number[], resident: [] as number[] };

function note(): void {
  (globalThis as { gc?: () => void }).gc?.();
  growth.tensors.push(memory().numTensors);
  growth.native.push(addon.memory().tensors);
  growth.resident.push(process.memoryUsage().rss);
}

const work: Record<string, () => Promise<void>> = {
  /** 500 steps of SimCLR; noted from the 100th on. */
  async training() {
    const data = shapes({ count: 32, size: 16, seed: 2 });
    const method = simclr({ encoder: tinyEncoder() });
    for await (const { index } of pretrain(method, data, { steps: 500, batchSize: 8 })) {
      if (index % 100 === 99) note();
    }
  },

  /** 500 batches of a tfjs-layers model. */
  async layers() {
    const model = sequential({
      layers: [
        layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, activation: "relu" }),
        layers.batchNormalization(),
        layers.dropout({ rate: 0.2 }),
        layers.flatten(),
        layers.dense({ units: 4, activation: "softmax" }),
      ],
    });
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const x = randomNormal([40, 8, 8, 3]);
    const y = tidy(() => randomNormal([40, 4]).softmax());
    for (let epoch = 0; epoch < 100; epoch++) {
      await model.fit(x, y, { epochs: 1, batchSize: 8, shuffle: true, verbose: 0, yieldEvery: "never" });
      if (epoch % 20 === 19) note();
    }
  },

  /** 240 times what figures and probes do: embeddings, similarities, both kinds of reading. */
  async reads() {
    const data = shapes({ count: 32, size: 16, seed: 2 });
    const encoder = tinyEncoder();
    for (let i = 0; i < 240; i++) {
      const found = await represent(encoder, data, { batchSize: 16 });
      const similarity = matMul(found, found, false, true);
      await similarity.data();
      dispose([found, similarity]);
      const wide = randomNormal([600, 600]) as Tensor2D;
      await Promise.all([wide.data(), wide.data(), wide.array()]);
      wide.dataSync();
      wide.dispose();
      if (i % 40 === 39) note();
    }
  },

  /** 6,000 tensors of 1 MiB, none of them kept, in one turn of the event loop. */
  async lost() {
    for (let i = 0; i < 6000; i++) {
      fill([1 << 18], 1);
      if (i % 500 === 499) {
        growth.tensors.push(addon.memory().tensors);
        growth.resident.push(process.memoryUsage().rss);
      }
    }
  },
};

await work[process.argv[2] ?? ""]?.();
process.stdout.write(JSON.stringify(growth));
