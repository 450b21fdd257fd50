import { requireInteger, requireThat } from "../check/index.js";
import { input, type LayersModel, layers, model, type SymbolicTensor } from "../engine/tensor.js";
import { BatchNormalization } from "./batchNormalization.js";
import { Convolution } from "./convolution.js";
import type { Encoder } from "./encoder.js";
import { initialize } from "./initialize.js";
import { modelEncoder } from "./modelEncoder.js";

/** A perceptron of one hidden layer: dense, batch normalization, ReLU, dense. */
export interface ProjectorOptions {
  /** Units of the hidden layer; default 128. */
  readonly hidden?: number;
  /** Dimensions of the embedding z; default 128. */
  readonly dimensions?: number;
}

export interface SmallResNetOptions {
  /** Height, width and channels of the images. */
  readonly imageShape: readonly [number, number, number];
  /** The same seed gives the same weights on every engine. */
  readonly seed: number;
  /** Channels of the stages, one residual block each; the last is the length of h; default [16, 32, 64]. */
  readonly widths?: readonly number[];
  /** Stride of the first convolution, 3×3; default 2, with 1 the network costs four times as much. */
  readonly stemStride?: 1 | 2;
  readonly projector?: ProjectorOptions;
}

/**
 * A residual network for small images: a 3×3 convolution, one basic block per stage (He et al. 2016,
 * arXiv:1512.03385, Fig. 2 and option B), every stage but the first at half the resolution of the one before, global
 * average pooling. At the defaults a 32×32 image costs 3.1 million multiplications and h has 64 dimensions.
 *
 * @throws RangeError `smallResNet: widths must be positive integers, got []`
 */
export function smallResNet(options: SmallResNetOptions): Encoder {
  const { imageShape, seed, widths = [16, 32, 64], stemStride = 2, projector = {} } = options;
  const { hidden = 128, dimensions = 128 } = projector;
  requireInteger("smallResNet", "seed", seed, Number.MIN_SAFE_INTEGER);
  const positive = widths.length > 0 && widths.every((width) => Number.isInteger(width) && width > 0);
  requireThat(positive, "smallResNet", `widths must be positive integers, got [${widths.join(", ")}]`);
  requireInteger("smallResNet", "projector.hidden", hidden, 1);
  requireInteger("smallResNet", "projector.dimensions", dimensions, 1);
  const backbone = buildBackbone(imageShape, widths, stemStride);
  const head = buildProjector(widths.at(-1) as number, hidden, dimensions);
  initialize([backbone, head], seed);
  return modelEncoder(backbone, head);
}

function buildBackbone(imageShape: readonly number[], widths: readonly number[], stemStride: number): LayersModel {
  const images = input({ shape: [...imageShape], name: "images" });
  let x = relu("stem", convolution("stem", images, widths[0] as number, 3, stemStride));
  for (const [index, width] of widths.entries()) x = block(`stage${index + 1}`, x, width, index === 0 ? 1 : 2);
  const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(x) as SymbolicTensor;
  return model({ inputs: images, outputs: pooled, name: "backbone" });
}

/** The shortcut is a 1×1 convolution where the shape changes, else the identity. */
function block(name: string, x: SymbolicTensor, width: number, stride: number): SymbolicTensor {
  const first = relu(`${name}_first`, convolution(`${name}_first`, x, width, 3, stride));
  const second = convolution(`${name}_second`, first, width, 3, 1);
  const same = stride === 1 && x.shape.at(-1) === width;
  const shortcut = same ? x : convolution(`${name}_shortcut`, x, width, 1, stride);
  return relu(name, layers.add({ name: `${name}_sum` }).apply([second, shortcut]) as SymbolicTensor);
}

/** A convolution and its batch normalization. */
function convolution(name: string, x: SymbolicTensor, filters: number, size: number, stride: number): SymbolicTensor {
  const layer = new Convolution({ filters, size, stride, name: `${name}_convolution` });
  return normalize(name, layer.apply(x) as SymbolicTensor);
}

function normalize(name: string, x: SymbolicTensor): SymbolicTensor {
  return new BatchNormalization({ name: `${name}_normalization` }).apply(x) as SymbolicTensor;
}

function relu(name: string, x: SymbolicTensor): SymbolicTensor {
  return layers.activation({ activation: "relu", name: `${name}_relu` }).apply(x) as SymbolicTensor;
}

function buildProjector(representation: number, hidden: number, dimensions: number): LayersModel {
  const h = input({ shape: [representation], name: "representation" });
  const dense = (name: string, units: number, useBias: boolean) =>
    layers.dense({ units, useBias, kernelInitializer: "zeros", name });
  const inner = normalize("hidden", dense("hidden", hidden, false).apply(h) as SymbolicTensor);
  const z = dense("embedding", dimensions, true).apply(relu("hidden", inner)) as SymbolicTensor;
  return model({ inputs: h, outputs: z, name: "projector" });
}
