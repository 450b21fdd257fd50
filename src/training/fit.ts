import { basename } from "node:path";
import type { ImageDataset } from "../data/index.js";
import { currentCell, progress } from "../display/index.js";
import type { Method } from "../methods/index.js";
import { plan, type TrainingOptions } from "./plan.js";
import { pretrain, type Step } from "./pretrain.js";
import { configuration, type Provenance, provenance } from "./provenance.js";
import { openRunFolder } from "./runFolder.js";

/** Options of {@link fit}. */
export interface FitOptions extends TrainingOptions {
  /** Keeps the run: configuration, metrics, weights, summary. Default: nothing is written. */
  readonly runFolder?: string;
  /** Whether an earlier run in the run folder may be replaced; default `false`. */
  readonly replaceRun?: boolean;
  /** Shown beside the progress, and the name of the run; default: the name of the run folder, else of the method. */
  readonly label?: string;
}

/** A training that has ended. */
export interface Run {
  readonly method: Method;
  readonly history: readonly Step[];
  /** Spent in steps. */
  readonly seconds: number;
  /** Images of the data set per second, over all steps. */
  readonly imagesPerSecond: number;
  /** Images that could not be read, and were replaced by others, over all steps. */
  readonly replaced: number;
  /** The run folder, if there is one. */
  readonly folder?: string;
  /** Whether it was stopped before its last step. */
  readonly interrupted: boolean;
  readonly provenance: Provenance;
}

/**
 * Pretrains a method to the end, with its progress in view (steps and images per second, loss, time left) and, on
 * request, a run folder. An interrupt ends the current step; what was trained is saved all the same.
 *
 * @throws Error `fit: runFolder must not hold an earlier run, got runs/first; choose another name, or set replaceRun: true`
 * @throws RangeError and Error as `pretrain`
 */
export async function fit(method: Method, dataset: ImageDataset, options: FitOptions): Promise<Run> {
  const { runFolder, replaceRun = false, label = runFolder ? basename(runFolder) : method.name } = options;
  const settled = plan("fit", dataset, options);
  const signal = options.signal ?? currentCell()?.signal;
  const settings = configuration(method, dataset, settled, options);
  const folder = runFolder === undefined ? undefined : await openRunFolder(runFolder, settings, { replaceRun });
  const view = progress({ total: settled.steps, label });
  const history: Step[] = [];
  try {
    for await (const step of pretrain(method, dataset, { ...options, ...(signal && { signal }) })) {
      history.push(step);
      folder?.append(step);
      view.update(history.length, `${step.imagesPerSecond.toFixed(0)} images/s · loss ${step.loss.toFixed(3)}`);
    }
    const summary = summarize(history, settled);
    const record = provenance(settings, { name: label, epoch: summary.epochs });
    await folder?.save(method.encoder, { ...summary, provenance: record });
    view.finish(ending(summary));
    const { seconds, imagesPerSecond, replaced, interrupted } = summary;
    const where = folder && { folder: folder.path };
    return { method, history, seconds, imagesPerSecond, replaced, ...where, interrupted, provenance: record };
  } catch (error) {
    view.finish("failed");
    throw error;
  } finally {
    folder?.close();
  }
}

interface Summary {
  readonly steps: number;
  readonly epochs: number;
  readonly loss: number | undefined;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly replaced: number;
  readonly interrupted: boolean;
}

function summarize(
  history: readonly Step[],
  plan: { steps: number; stepsPerEpoch: number; batchSize: number },
): Summary {
  const seconds = history.reduce((sum, step) => sum + step.seconds, 0);
  return {
    steps: history.length,
    epochs: history.length / plan.stepsPerEpoch,
    loss: history.at(-1)?.loss,
    seconds,
    imagesPerSecond: seconds > 0 ? (history.length * plan.batchSize) / seconds : 0,
    replaced: history.reduce((sum, step) => sum + step.replaced, 0),
    interrupted: history.length < plan.steps,
  };
}

function ending({ loss, imagesPerSecond, replaced, interrupted }: Summary): string {
  const parts = [`${imagesPerSecond.toFixed(0)} images/s`, ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`])];
  if (replaced > 0) parts.push(`${replaced} unreadable images replaced`);
  return [...parts, ...(interrupted ? ["interrupted"] : [])].join(" · ");
}
