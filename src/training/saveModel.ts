import { join } from "node:path";
import { type Encoder, modelEncoder } from "../encoders/index.js";
import { fileModel } from "../engine/index.js";
import { loadLayersModel } from "../engine/tensor.js";

/** Saves backbone and projector, each as a tfjs layers model (`model.json`, `weights.bin`) in a folder of its own. */
export async function saveEncoder(encoder: Encoder, folder: string): Promise<void> {
  await encoder.backbone.save(fileModel(join(folder, "backbone")));
  await encoder.projector.save(fileModel(join(folder, "projector")));
}

/**
 * Loads an encoder that {@link saveEncoder} saved; a run's is in its folder's `weights`.
 *
 * @throws Error `loadEncoder: cannot read runs/a/weights/backbone/model.json (ENOENT …)`
 */
export async function loadEncoder(folder: string): Promise<Encoder> {
  const load = (part: string) => loadLayersModel(fileModel(join(folder, part), { caller: "loadEncoder" }));
  const backbone = await load("backbone");
  return modelEncoder(backbone, await load("projector"));
}
