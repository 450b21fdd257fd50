import { setImmediate } from "node:timers/promises";
import { requireThat } from "../check/index.js";
import type { Batch, ImageDataset } from "../data/index.js";
import { batchesFor } from "../data/trainingBatches.js";
import { currentCell } from "../display/index.js";
import { requireChannels } from "../encoders/requireChannels.js";
import { type Precision, withPrecision } from "../engine/index.js";
import { dispose, type TensorContainer } from "../engine/tensor.js";
import { variableGradients } from "../engine/variableGradients.js";
import type { Method } from "../methods/index.js";
import { makeView } from "../views/index.js";
import { plan, type TrainingOptions } from "./plan.js";
import { type Sgd, sgd } from "./sgd.js";

/** One optimizer step. */
export interface Step {
  /** From 0. */
  readonly index: number;
  /** From 0. */
  readonly epoch: number;
  /** Before the update, in nats. */
  readonly loss: number;
  readonly learningRate: number;
  /** Images of the data set, not views. */
  readonly imagesPerSecond: number;
  /** From asking for the batch to the moved queue. */
  readonly seconds: number;
  /** Images that could not be read, and were replaced by others. */
  readonly replaced: number;
}

/** Options of {@link pretrain}. */
export interface PretrainOptions extends TrainingOptions {
  /**
   * Goes on at this step of the same training: with the batches, views and learning rates that it would have had; the
   * momentum of the optimizer begins anew. Default 0.
   */
  readonly firstStep?: number;
}

/**
 * Pretrains a method, one {@link Step} per optimizer step; what to log, draw or stop is up to the caller's loop, and
 * `break` ends the training. Stochastic gradient descent with momentum, warm-up and cosine; one seed gives one run on
 * one engine. An interrupt of the running cell ends it after the current step.
 *
 * @throws RangeError such as `pretrain: batchSize must be <= 100 (the data's size), got 256`
 * @throws Error `pretrain: loss is NaN at step 12; lower the learning rate (now 0.5)`
 */
export async function* pretrain(method: Method, dataset: ImageDataset, options: PretrainOptions): AsyncGenerator<Step> {
  const settled = plan("pretrain", dataset, options);
  requireChannels("pretrain", method.encoder, dataset);
  const { firstStep = 0 } = options;
  requireThat(
    firstStep < settled.steps,
    "pretrain",
    `firstStep must be < ${settled.steps} (the training's steps), got ${firstStep}`,
  );
  const optimizer = sgd(method.encoder.trainableVariables(), options);
  const signal = options.signal ?? currentCell()?.signal;
  try {
    const { batchSize, seed, sampler, steps } = settled;
    let start = performance.now();
    for await (const at of batchesFor("pretrain", dataset, { batchSize, seed, sampler, steps, firstStep, signal })) {
      const { step: index, epoch, batch } = at;
      await setImmediate(); // the event loop gets its turn, so that an interrupt arrives
      if (signal?.aborted) return;
      const learningRate = settled.schedule(index);
      const loss = await step(method, batch, optimizer, { ...settled, index, learningRate });
      const seconds = (performance.now() - start) / 1000;
      if (!Number.isFinite(loss)) {
        const advice = `lower the learning rate (now ${settled.learningRate})`;
        throw new Error(`pretrain: loss is ${loss} at step ${index}; ${advice}`);
      }
      const imagesPerSecond = batchSize / seconds;
      yield { index, epoch, loss, learningRate, imagesPerSecond, seconds, replaced: batch.replaced };
      start = performance.now();
    }
  } finally {
    optimizer.dispose();
  }
}

/** Views, loss, gradients, update, teacher and queue; the loss before the update. */
async function step(
  method: Method,
  batch: Batch,
  optimizer: Sgd,
  at: { index: number; seed: number; learningRate: number; precision: Precision },
): Promise<number> {
  const used: TensorContainer[] = [];
  try {
    const views = method.policies.map((policy, view) => {
      const made = makeView(batch, policy, { seed: at.seed, view, step: at.index });
      used.push(made.images);
      return made;
    });
    const images = views.map((view) => view.images);
    const refs = views.map((view) => view.refs);
    const { value, grads } = withPrecision(at.precision, () =>
      variableGradients(() => method.loss(images, refs), method.encoder.trainableVariables()),
    );
    used.push(value, grads);
    optimizer.update(grads, at.learningRate);
    method.afterUpdate();
    const [loss = Number.NaN] = await value.data(); // costs nothing on engines that compute on this CPU
    return loss;
  } finally {
    dispose(used);
  }
}
