import { copyWeights, type Encoder, modelEncoder } from "../encoders/index.js";
import { LayersModel } from "../engine/tensor.js";

/** An encoder of the same architecture and weights with variables of its own. */
export function cloneEncoder(encoder: Encoder): Encoder {
  const clone = modelEncoder(cloneModel(encoder.backbone), cloneModel(encoder.projector));
  copyWeights(encoder, clone);
  return clone;
}

function cloneModel(model: LayersModel): LayersModel {
  const type = model.constructor as typeof LayersModel;
  return LayersModel.fromConfig.call(type, type, model.getConfig()) as LayersModel;
}
