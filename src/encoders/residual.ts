import { requireInteger } from "../check/index.js";
import { input, type LayersModel, layers, model, type SymbolicTensor } from "../engine/tensor.js";
import { BatchNormalization } from "./batchNormalization.js";
import { Convolution } from "./convolution.js";

/** A perceptron of one hidden layer: dense, batch normalization, ReLU, dense. */
export interface ProjectorOptions {
  /** Units of the hidden layer; default the encoder's own. */
  readonly hidden?: number;
  /** Dimensions of the embedding z; default 128. */
  readonly dimensions?: number;
}

/** A convolution and its batch normalization, with relu behind them if asked for. */
export function convolution(
  name: string,
  x: SymbolicTensor,
  options: { filters: number; size: number; stride?: number; relu?: boolean },
): SymbolicTensor {
  const { filters, size, stride = 1, relu = false } = options;
  const layer = new Convolution({ filters, size, stride, name: `${name}_convolution` });
  return new BatchNormalization({ relu, name: `${name}_normalization` }).apply(
    layer.apply(x) as SymbolicTensor,
  ) as SymbolicTensor;
}

/**
 * A basic block (He et al. 2016, arXiv:1512.03385, Fig. 2): two convolutions of 3×3 around which the input is added. The
 * shortcut is a 1×1 convolution where the shape changes (option B), else the identity.
 */
export function basicBlock(name: string, x: SymbolicTensor, filters: number, stride: number): SymbolicTensor {
  const first = convolution(`${name}_first`, x, { filters, size: 3, stride, relu: true });
  const layer = new Convolution({ filters, size: 3, stride: 1, name: `${name}_second_convolution` });
  const second = layer.apply(first) as SymbolicTensor;
  const same = stride === 1 && x.shape.at(-1) === filters;
  const shortcut = same ? x : convolution(`${name}_shortcut`, x, { filters, size: 1, stride });
  const sum = new BatchNormalization({ relu: true, name: `${name}_second_normalization` });
  return sum.apply([second, shortcut]) as SymbolicTensor;
}

/**
 * h, [representation], to z, [dimensions].
 *
 * @throws RangeError `smallResNet: projector.hidden must be an integer >= 1, got 0`
 */
export function buildProjector(
  caller: string,
  representation: number,
  { hidden, dimensions }: Required<ProjectorOptions>,
): LayersModel {
  requireInteger(caller, "projector.hidden", hidden, 1);
  requireInteger(caller, "projector.dimensions", dimensions, 1);
  const h = input({ shape: [representation], name: "representation" });
  const dense = (name: string, units: number, useBias: boolean) =>
    layers.dense({ units, useBias, kernelInitializer: "zeros", name });
  const normalization = new BatchNormalization({ relu: true, name: "hidden_normalization" });
  const inner = normalization.apply(dense("hidden", hidden, false).apply(h) as SymbolicTensor);
  const z = dense("embedding", dimensions, true).apply(inner) as SymbolicTensor;
  return model({ inputs: h, outputs: z, name: "projector" });
}
