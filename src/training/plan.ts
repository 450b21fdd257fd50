import { requirePositive, requireSeed, requireThat } from "../check/index.js";
import { batchesPerEpoch, type ImageDataset, type Sampler, shuffled } from "../data/index.js";
import { requireImages } from "../data/requireImages.js";
import type { Precision } from "../engine/index.js";
import { requirePrecision } from "../engine/precision.js";
import { type Schedule, warmupCosine } from "./schedules.js";
import type { SgdOptions } from "./sgd.js";

/** Options of `pretrain`; exactly one of `epochs` and `steps` says how long. */
export interface TrainingOptions extends SgdOptions {
  /** Passes over the data, as the sampler counts them; a batch that is not full is left out. */
  readonly epochs?: number;
  /** Optimizer steps. */
  readonly steps?: number;
  /** Images per step; default 256. */
  readonly batchSize?: number;
  /** Peak learning rate for a batch of 256; it is scaled by batchSize/256. Default 0.06, SCE's value for CIFAR-10. */
  readonly learningRate?: number;
  /** Length of the linear warm-up in epochs, or in steps when `steps` is given; default a twentieth of the run. */
  readonly warmup?: number;
  /** Which items stand together in a batch, and in which order; default `shuffled()`. */
  readonly sampler?: Sampler;
  /** Of the order of the items and of the views; default 0. */
  readonly seed?: number;
  /**
   * What convolutions and dense layers compute in; default `float32`. `bfloat16` is about twice as fast on processors with
   * instructions for it (`kontrast doctor` says so) and halves the memory of activations; weights stay float32.
   */
  readonly precision?: Precision;
  /** Ends the training after the current step; default: the interrupt of the running cell. */
  readonly signal?: AbortSignal;
}

/** {@link TrainingOptions} with everything settled. */
export interface Plan {
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  readonly sampler: Sampler;
  readonly seed: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly schedule: Schedule;
  readonly precision: Precision;
}

/**
 * Settles how a training goes.
 *
 * @throws RangeError such as `pretrain: batchSize must be <= 100 (the data's size), got 256`
 */
export function plan(caller: string, dataset: ImageDataset, options: TrainingOptions): Plan {
  const { epochs, steps, batchSize = 256, sampler = shuffled(), seed = 0, precision = "float32" } = options;
  const { learningRate = 0.06, warmup } = options;
  requireImages(caller, dataset);
  requirePrecision(caller, precision);
  const one = (epochs === undefined) !== (steps === undefined);
  requireThat(one, caller, `exactly one of epochs and steps must be given, got ${epochs} and ${steps}`);
  requirePositive(caller, "learningRate", learningRate);
  requireSeed(caller, seed);
  const stepsPerEpoch = batchesPerEpoch(caller, dataset, batchSize, sampler);
  requirePositive(caller, epochs === undefined ? "steps" : "epochs", (epochs ?? steps) as number);
  const unit = epochs === undefined ? 1 : stepsPerEpoch;
  const total = Math.max(1, Math.round(((epochs ?? steps) as number) * unit));
  const warmupSteps = Math.round(warmup === undefined ? total / 20 : warmup * unit);
  requireThat(
    warmupSteps >= 0 && warmupSteps <= total,
    caller,
    `warmup must be between 0 and the run's ${total} steps, got ${warmupSteps} steps`,
  );
  const schedule = warmupCosine({ peak: (learningRate * batchSize) / 256, steps: total, warmupSteps });
  return { steps: total, stepsPerEpoch, batchSize, sampler, seed, learningRate, warmupSteps, schedule, precision };
}
