import { type LayersModel, type Tensor2D, type Tensor4D, tidy, type Variable } from "../engine/tensor.js";
import type { ApplyOptions, Encoder } from "./encoder.js";

/** Below this squared length an embedding is divided by a constant instead of its length. */
const smallestSquaredLength = 1e-12;

/** Makes an encoder of a backbone and a projector, such as two that were loaded with `loadLayersModel`. */
export function modelEncoder(backbone: LayersModel, projector: LayersModel): Encoder {
  const models = [backbone, projector];
  const variablesOf = (kind: "trainableWeights" | "nonTrainableWeights") =>
    models.flatMap((model) => model[kind].map((weight) => weight.read() as Variable));
  const represent = (images: Tensor4D, options?: ApplyOptions) => apply(backbone, images, options);
  return {
    backbone,
    projector,
    represent,
    embed: (images, options) =>
      tidy(() => {
        const z = apply(projector, represent(images, options), options);
        return z.mul(z.square().sum(1, true).maximum(smallestSquaredLength).rsqrt());
      }),
    trainableVariables: () => variablesOf("trainableWeights"),
    variables: () => [...variablesOf("trainableWeights"), ...variablesOf("nonTrainableWeights")],
    dispose() {
      for (const model of models) model.dispose();
    },
  };
}

function apply(model: LayersModel, input: Tensor2D | Tensor4D, options: ApplyOptions = {}): Tensor2D {
  const { training = false, updateStatistics = true } = options;
  return tidy(() => model.apply(input, { training, updateStatistics }) as Tensor2D);
}
