import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { replaceFile } from "../check/index.js";
import { io } from "./tensor.js";

/**
 * Keeps a tfjs model in a folder, as `model.json` and `weights.bin`: `model.save(fileModel("runs/a"))`,
 * `loadLayersModel(fileModel("runs/a"))`. Each file is replaced as a whole, `model.json` last. Models of tfjs-node and
 * of tfjs's converter load too, with their weights in any number of files.
 *
 * @param path the folder; to load, also the path of the JSON file in it
 * @param options.caller named in errors; default `fileModel`
 * @throws Error `fileModel: cannot read runs/a/model.json (ENOENT …)`; `… is no model of TensorFlow.js`
 */
export function fileModel(path: string, options: { caller?: string } = {}): Required<io.IOHandler> {
  const { caller = "fileModel" } = options;
  return {
    save: (artifacts) => save(path, artifacts),
    load: () => load(path.endsWith(".json") ? path : join(path, "model.json"), caller),
  } as Required<io.IOHandler>;
}

async function save(folder: string, artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
  const { weightSpecs = [], weightData = new ArrayBuffer(0), ...described } = artifacts;
  const bytes = new Uint8Array(new io.CompositeArrayBuffer(weightData).slice());
  const json = { ...described, weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }] };
  await replaceFile(join(folder, "weights.bin"), bytes);
  await replaceFile(join(folder, "model.json"), JSON.stringify(json));
  return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
}

async function load(path: string, caller: string): Promise<io.ModelArtifacts> {
  const json = parse(await read(path, caller), path, caller);
  return io.getModelArtifactsForJSON(json, async (groups) => {
    const files = groups.flatMap(({ paths }) => paths).map((name) => join(dirname(path), name));
    const parts = await Promise.all(files.map((file) => read(file, caller)));
    const all = Uint8Array.from(Buffer.concat(parts)); // a buffer of its own, not a part of Node's pool
    return [groups.flatMap(({ weights }) => weights), all.buffer as ArrayBuffer];
  });
}

function parse(bytes: Buffer, path: string, caller: string): io.ModelJSON {
  let json: io.ModelJSON | undefined;
  try {
    json = JSON.parse(bytes.toString()) as io.ModelJSON;
  } catch (cause) {
    throw new Error(`${caller}: ${path} is no model of TensorFlow.js (${(cause as Error).message})`, { cause });
  }
  if (!json?.modelTopology) throw new Error(`${caller}: ${path} is no model of TensorFlow.js`);
  return json;
}

async function read(path: string, caller: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`${caller}: cannot read ${path} (${(cause as Error).message})`, { cause });
  }
}
