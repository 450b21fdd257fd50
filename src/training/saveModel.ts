import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../check/index.js";
import { type Encoder, modelEncoder } from "../encoders/index.js";
import { io, type LayersModel, loadLayersModel } from "../engine/tensor.js";

/** Saves backbone and projector, each as a tfjs layers model (`model.json`, `weights.bin`) in a folder of its own. */
export async function saveEncoder(encoder: Encoder, folder: string): Promise<void> {
  await saveModel(encoder.backbone, join(folder, "backbone"));
  await saveModel(encoder.projector, join(folder, "projector"));
}

/**
 * Loads an encoder that {@link saveEncoder} saved; a run's is in its folder's `weights`.
 *
 * @throws Error `loadEncoder: cannot read runs/a/weights/backbone/model.json (ENOENT …)`
 */
export async function loadEncoder(folder: string): Promise<Encoder> {
  const backbone = await loadModel(join(folder, "backbone"));
  return modelEncoder(backbone, await loadModel(join(folder, "projector")));
}

async function saveModel(model: LayersModel, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      const { modelTopology, weightSpecs = [], weightData = new ArrayBuffer(0), ...about } = artifacts;
      const { format, generatedBy, convertedBy } = about;
      const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
      const json = { modelTopology, format, generatedBy, convertedBy, weightsManifest };
      const bytes = new Uint8Array(new io.CompositeArrayBuffer(weightData).slice());
      await replaceFile(join(folder, "weights.bin"), bytes);
      await replaceFile(join(folder, "model.json"), JSON.stringify(json));
      return {
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON", weightDataBytes: bytes.length },
      };
    }),
  );
}

async function loadModel(folder: string): Promise<LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(`${await read(join(folder, "model.json"))}`) as io.ModelJSON;
  const [group] = weightsManifest;
  const bytes = await read(join(folder, "weights.bin"));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  return loadLayersModel(io.fromMemory({ modelTopology, weightSpecs: group?.weights ?? [], weightData }));
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`loadEncoder: cannot read ${path} (${(cause as Error).message})`, { cause });
  }
}
