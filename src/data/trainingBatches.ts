import { requireInteger, requireSeed, requireThat } from "../check/index.js";
import { positionsIn } from "./batchOf.js";
import type { Batch, ImageDataset } from "./dataset.js";
import { loadFullBatch } from "./loadBatch.js";
import { prefetch } from "./prefetch.js";
import { batchesPerEpoch, type Sampler, shuffled } from "./samplers/index.js";

/** Options of {@link trainingBatches} and `epochBatches`. */
export interface BatchOptions {
  readonly batchSize: number;
  /** Of the order; default 0. */
  readonly seed?: number;
  /** Which items stand together; default `shuffled()`. */
  readonly sampler?: Sampler;
  /** How many batches are read ahead of the one that is worked on; default 2, so that uneven reads even out. */
  readonly ahead?: number;
  /** Ends the batches at once and without an error, even if a read does not come back. */
  readonly signal?: AbortSignal | undefined;
}

/** What one step of a training works on. */
export interface TrainingBatch {
  /** From 0. */
  readonly step: number;
  /** From 0. */
  readonly epoch: number;
  readonly batch: Batch;
}

/**
 * The batches of a training, epoch after epoch, read ahead while the caller works. The batch of a step follows from the
 * data, seed, batch size, sampler and step alone: a training that goes on at `firstStep` meets the batches that it would
 * have met, and those before it are not read. Images that cannot be read are replaced, as `epochBatches` says.
 *
 * @param options.firstStep default 0
 * @param options.steps number of steps of the whole training: the last one is `steps` − 1; default: no end
 * @throws RangeError such as `trainingBatches: batchSize must be <= 100 (the data's size), got 256`
 */
export function trainingBatches(
  dataset: ImageDataset,
  options: BatchOptions & { readonly firstStep?: number; readonly steps?: number },
): AsyncGenerator<TrainingBatch> {
  return batchesFor("trainingBatches", dataset, options);
}

/** As {@link trainingBatches}; `caller` is named in the errors. */
export async function* batchesFor(
  caller: string,
  dataset: ImageDataset,
  options: BatchOptions & { readonly firstStep?: number; readonly steps?: number },
): AsyncGenerator<TrainingBatch> {
  const { batchSize, seed = 0, sampler = shuffled(), ahead = 2, signal, firstStep = 0 } = options;
  const { steps = Number.POSITIVE_INFINITY } = options;
  requireSeed(caller, seed);
  requireInteger(caller, "firstStep", firstStep);
  requireInteger(caller, "ahead", ahead);
  if (steps !== Number.POSITIVE_INFINITY) requireInteger(caller, "steps", steps, 1);
  const perEpoch = batchesPerEpoch(caller, dataset, batchSize, sampler);
  const order = samples(caller, dataset, { batchSize, seed, sampler, firstStep, steps, perEpoch });
  const load = async ({ step, epoch, positions }: Sample): Promise<TrainingBatch> => ({
    step,
    epoch,
    batch: await loadFullBatch(caller, dataset, positions),
  });
  yield* prefetch(order, load, { ahead, signal });
}

interface Sample {
  readonly step: number;
  readonly epoch: number;
  readonly positions: Int32Array;
}

function* samples(
  caller: string,
  dataset: ImageDataset,
  options: {
    batchSize: number;
    seed: number;
    sampler: Sampler;
    firstStep: number;
    steps: number;
    perEpoch: number;
  },
): Generator<Sample> {
  const { batchSize, seed, sampler, firstStep, steps, perEpoch } = options;
  for (let epoch = Math.floor(firstStep / perEpoch); epoch * perEpoch < steps; epoch++) {
    const end = (epoch + 1) * perEpoch;
    let step = epoch * perEpoch;
    for (const sample of sampler.epoch(dataset, { batchSize, seed, epoch })) {
      if (step >= firstStep) {
        const what = `the sampler ${sampler.name} must give batches of ${batchSize}, got one of ${sample.length}`;
        requireThat(sample.length === batchSize, caller, what);
        yield { step, epoch, positions: positionsIn(caller, dataset, sample) };
      }
      step++;
      if (step === end || step >= steps) break;
    }
    const given = step - epoch * perEpoch;
    const what = `the sampler ${sampler.name} must give ${perEpoch} batches per epoch, got ${given} in epoch ${epoch}`;
    requireThat(step === end || step >= steps, caller, what);
  }
}
