import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../check/index.js";
import type { Encoder } from "../encoders/index.js";
import type { Step } from "./pretrain.js";
import type { Configuration } from "./provenance.js";
import { saveEncoder } from "./saveModel.js";

/** A folder that keeps one run: `config.json`, `metrics.jsonl`, `weights/`, `summary.json`. */
export interface RunFolder {
  readonly path: string;
  /** Adds one line to `metrics.jsonl`; it is in the file when this returns. */
  append(step: Step): void;
  /** Writes the encoder's weights and the summary. */
  save(encoder: Encoder, summary: object): Promise<void>;
  close(): void;
}

/**
 * Opens a run folder and writes the configuration.
 *
 * @param options.replaceRun whether the files of an earlier run in it may be replaced
 * @throws Error `fit: runFolder must not hold an earlier run, got runs/first; choose another name, or set replaceRun: true`
 */
export async function openRunFolder(
  path: string,
  configuration: Configuration,
  options: { replaceRun: boolean },
): Promise<RunFolder> {
  if (!options.replaceRun && existsSync(join(path, "config.json"))) {
    const wayOut = "choose another name, or set replaceRun: true";
    throw new Error(`fit: runFolder must not hold an earlier run, got ${path}; ${wayOut}`);
  }
  mkdirSync(path, { recursive: true });
  rmSync(join(path, "summary.json"), { force: true }); // its presence says that the run in this folder has ended
  await replaceFile(join(path, "config.json"), asJson(configuration));
  const metrics = openSync(join(path, "metrics.jsonl"), "w");
  return {
    path,
    append: (step) => void writeSync(metrics, `${JSON.stringify(step)}\n`),
    async save(encoder, summary) {
      await saveEncoder(encoder, join(path, "weights"));
      await replaceFile(join(path, "summary.json"), asJson(summary));
    },
    close: () => closeSync(metrics),
  };
}

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
