import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const tfjs = createRequire(import.meta.url).resolve("@tensorflow/tfjs");

/** What the stand-in does instead of TensorFlow, which is a binary of 400 MB. */
export interface StandIn {
  /** Whether it says that it computes on a GPU. */
  readonly gpu?: boolean;
  /** What it throws when it is loaded. */
  readonly fails?: string;
  /** What it throws when it is loaded by another process than the one that looks at it. */
  readonly startFails?: string;
  /** The version of a tfjs-core of its own. */
  readonly core?: string;
}

/** Writes a package that registers the backend `tensorflow` as tfjs-node does, over tfjs's kernels for the CPU. */
export function writeStandIn(
  project: string,
  name: string,
  { gpu = false, fails, startFails, core }: StandIn = {},
): void {
  const folder = join(project, "node_modules", name);
  writePackage(
    folder,
    {},
    fails === undefined ? backend(gpu, startFails) : `throw new Error(${JSON.stringify(fails)});`,
  );
  if (core !== undefined) {
    const own = { name: "@tensorflow/tfjs-core", version: core };
    writePackage(join(folder, "node_modules", own.name), own, "");
  }
}

function writePackage(folder: string, manifest: object, program: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "index.js", ...manifest }));
  writeFileSync(join(folder, "index.js"), program);
}

function backend(gpu: boolean, startFails = ""): string {
  return `
    const { createRequire } = require("node:module");
    const tf = require(${JSON.stringify(tfjs)});
    const { MathBackendCPU } = createRequire(${JSON.stringify(dirname(tfjs))}+ "/x.js")("@tensorflow/tfjs-backend-cpu");
    class StandIn extends MathBackendCPU {
      constructor() {
        super();
        this.isUsingGpuDevice = ${gpu};
        this.binding = { TF_Version: "2.9.1" };
      }
    }
    if (!tf.findBackend("tensorflow")) {
      tf.registerBackend("tensorflow", () => new StandIn(), 3);
      for (const config of tf.getKernelsForBackend("cpu")) tf.registerKernel({ ...config, backendName: "tensorflow" });
    }
    console.log("TensorFlow prints when it is loaded");
    if (!tf.setBackend("tensorflow")) throw new Error("Could not initialize TensorFlow backend.");
    if (${JSON.stringify(startFails)} && process.argv[1] !== __filename) throw new Error(${JSON.stringify(startFails)});
    module.exports = { ...tf, version: { ...tf.version, "tfjs-node": "4.22.0" } };
  `;
}
