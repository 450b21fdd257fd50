import { findPackage } from "../findPackage.js";
import { probe } from "../probe.js";
import { version_core } from "../tensor.js";
import { requireSameTfjs } from "../tfjsOf.js";

/** A package of TensorFlow for Node that loads here, or why none does. */
export type Tensorflow =
  | {
      readonly file: string;
      readonly version: string;
      readonly device: "cpu" | "gpu";
      readonly details: Readonly<Record<string, string>>;
    }
  | { readonly reason: string; readonly remedy: string };

/** In this order: the first one that loads is taken. */
const packages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;

/** Loading sets the tfjs backend, and TensorFlow takes seconds and prints: hence in a process of its own, and once. */
const loads = new Map<string, Facts>();

interface Facts {
  readonly version: string;
  readonly tensorflow?: string;
  readonly gpu: boolean;
}

const look = `
  const tf = require(words[0]);
  await tf.ready();
  const { binding, isUsingGpuDevice } = tf.backend();
  return { version: tf.version["tfjs-node"], tensorflow: binding?.TF_Version, gpu: isUsingGpuDevice === true };`;

/** Finds TensorFlow for Node in the user's project or beside Kontrast; starts nothing. */
export async function findTensorflow(): Promise<Tensorflow> {
  const faults: { name: string; fault: string; remedy: string }[] = [];
  for (const name of packages) {
    const file = findPackage(name);
    if (file === undefined) continue;
    try {
      const copy = requireSameTfjs(file);
      const facts = loads.get(file) ?? (await probe<Facts>(look, file));
      loads.set(file, facts);
      const { version, tensorflow, gpu } = facts;
      return {
        file,
        version: `${name.replace("@tensorflow/", "")} ${version}${tensorflow ? `, TensorFlow ${tensorflow}` : ""}`,
        device: gpu ? "gpu" : "cpu",
        details: { ...copy, ...Object.fromEntries(faults.map(({ name, fault }) => [name, fault])) },
      };
    } catch (error) {
      faults.push({ name, ...explain(name, (error as Error).message) });
    }
  }
  const install = `npm install ${packages[1]}@${version_core} (with an NVIDIA GPU ${packages[0]}@${version_core})`;
  const [first] = faults;
  if (!first) return { reason: `neither ${packages[0]} nor ${packages[1]} is installed`, remedy: install };
  return { reason: faults.map(({ name, fault }) => `${name}: ${fault}`).join("; "), remedy: first.remedy };
}

/** What went wrong in one line, and what to do about it. */
function explain(name: string, message: string): { fault: string; remedy: string } {
  const line = (message.trim().split("\n")[0] as string).trim();
  if (/it brings tfjs/.test(line)) return { fault: line, remedy: `npm install ${name}@${version_core}` };
  const library = /libtensorflow|tfjs_binding|node-pre-gyp|cannot open shared object|not a valid Win32/i.test(message);
  const rebuild = `npm rebuild ${name} --build-addon-from-source`;
  return { fault: `it does not load: ${line}`, remedy: library ? rebuild : `npm install ${name}@${version_core}` };
}
