import { createHash } from "node:crypto";
import { packageVersion } from "../check/index.js";
import type { ImageDataset } from "../data/index.js";
import { engine } from "../engine/index.js";
import { version } from "../engine/tensor.js";
import type { Method } from "../methods/index.js";
import type { Plan, TrainingOptions } from "./plan.js";

/** Everything that decides the outcome of a run, and what it ran on. */
export interface Configuration {
  readonly method: { readonly name: string; readonly options: Method["options"]; readonly policies: readonly string[] };
  readonly encoder: { readonly parameters: number };
  readonly data: { readonly name: string; readonly size: number; readonly imageShape: readonly number[] };
  readonly training: Readonly<Record<string, number | string>>;
  readonly engine: { readonly name: string; readonly device?: string; readonly version?: string };
  readonly versions: Readonly<Record<string, string>>;
}

/** Where a figure's numbers come from. */
export interface Provenance {
  /** Name of the run. */
  readonly run: string;
  readonly seed: number;
  /** Epochs trained. */
  readonly epoch: number;
  /** Such as `torch (cpu)`. */
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Of the configuration without engine and versions: equal for runs that differ in nothing else. */
  readonly configurationHash: string;
}

/** Records the configuration of a run, with all defaults settled. */
export function configuration(
  method: Method,
  dataset: ImageDataset,
  settled: Plan,
  options: TrainingOptions,
): Configuration {
  const { momentum = 0.9, weightDecay = 5e-4, decay = "weights" } = options;
  const { steps, batchSize, sampler, learningRate, warmupSteps, seed, precision } = settled;
  const batches = { batchSize, sampler: sampler.name };
  const { name, device, version: engineVersion } = engine.current();
  return {
    method: { name: method.name, options: method.options, policies: method.policies.map((policy) => policy.name) },
    encoder: { parameters: method.encoder.trainableVariables().reduce((sum, weight) => sum + weight.size, 0) },
    data: { name: dataset.name, size: dataset.size, imageShape: dataset.imageShape },
    training: { steps, ...batches, learningRate, warmupSteps, momentum, weightDecay, decay, seed, precision },
    engine: { name, ...(device && { device }), ...(engineVersion && { version: engineVersion }) },
    versions: { kontrast: packageVersion, tfjs: version.tfjs, node: process.versions.node },
  };
}

/** The record a figure carries. */
export function provenance(
  configuration: Configuration,
  run: { readonly name: string; readonly epoch: number },
): Provenance {
  const { engine: on, versions, training, method, encoder, data } = configuration;
  const hash = createHash("sha256").update(JSON.stringify({ method, encoder, data, training }));
  return {
    run: run.name,
    seed: Number(training["seed"]),
    epoch: run.epoch,
    engine: on.device ? `${on.name} (${on.device})` : on.name,
    versions,
    configurationHash: hash.digest("hex").slice(0, 16),
  };
}
