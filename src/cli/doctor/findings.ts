import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { cardNames, dataFolder, isAtHand, jpegDecoderKind } from "../../data/index.js";
import { explainChoice } from "../../engine/engine.js";
import { type EngineReport, engine } from "../../engine/index.js";
import { type ChromiumFinding, findChromium } from "./chromium.js";
import { findJupyter, type JupyterFinding } from "./jupyter.js";
import { packageVersions } from "./packages.js";

/** Everything `kontrast doctor` knows; the keys are those of `--json` and stay. */
export interface Findings {
  readonly kontrast: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: { readonly model: string; readonly cores: number };
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number };
  readonly engines: readonly EngineReport[];
  /** What `engine.use()` would take in this environment. */
  readonly choice: ChoiceFinding;
  readonly packages: Readonly<Record<string, string | null>>;
  readonly jupyter: JupyterFinding;
  readonly chromium: ChromiumFinding;
  readonly data: {
    readonly directory: string | null;
    readonly sets: readonly DataFinding[];
    /** Where JPEG images are decoded; the native decoder is about twice as fast. */
    readonly jpeg: { readonly decoder: "native" | "WebAssembly"; readonly remedy?: string };
  };
}

interface ChoiceFinding {
  readonly engine: string | null;
  /** Why it is that one, or why there is none. */
  readonly why: string;
}

interface DataFinding {
  readonly name: string;
  readonly atHand: boolean;
  readonly folder: string;
  readonly remedy?: string;
}

/** Looks at the machine; changes and starts nothing. */
export async function examine(): Promise<Findings> {
  const manifest = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8"));
  const [engines, packages, jupyter, chromium, sets] = await Promise.all([
    engine.list(),
    packageVersions(Object.keys(manifest.dependencies)),
    findJupyter(),
    findChromium(),
    cardNames().then((names) => Promise.all(names.map(dataFinding))),
  ]);
  return {
    kontrast: manifest.version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: { model: cpus()[0]?.model.trim() || "unknown", cores: availableParallelism() },
    memory: { totalBytes: totalmem(), availableBytes: freemem() },
    engines,
    choice: await choiceFinding(engines),
    packages,
    jupyter,
    chromium,
    data: { directory: process.env["KONTRAST_DATA_DIR"] || null, sets, jpeg: jpegFinding() },
  };
}

async function choiceFinding(engines: readonly EngineReport[]): Promise<ChoiceFinding> {
  try {
    const { name, why } = await explainChoice(engines);
    return { engine: name, why };
  } catch (error) {
    return { engine: null, why: error instanceof Error ? error.message : String(error) };
  }
}

function jpegFinding(): Findings["data"]["jpeg"] {
  const decoder = jpegDecoderKind();
  const remedy = "apt-get install libjpeg-dev && npx kontrast setup";
  return { decoder, ...(decoder === "WebAssembly" && { remedy }) };
}

async function dataFinding(name: string): Promise<DataFinding> {
  const atHand = await isAtHand(name);
  return { name, atHand, folder: dataFolder(name), ...(!atHand && { remedy: `npx kontrast data get ${name}` }) };
}
