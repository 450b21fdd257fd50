import { requireInteger, requireThat } from "../check/index.js";
import { input, type LayersModel, layers, model, type SymbolicTensor } from "../engine/tensor.js";
import { BatchNormalization } from "./batchNormalization.js";
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
  /** Stride of the first convolution, 3×3; default 1. */
  readonly stemStride?: 1 | 2;
  readonly projector?: ProjectorOptions;
}

/**
 * A residual network for small images: a 3×3 convolution, one basic block of stride 2 per stage (He et al. 2016,
 * arXiv:1512.03385, Fig. 2 and option B), global average pooling. The first stage already halves the resolution, so
 * that a 32×32 image costs 3.6 million multiplications at the default widths.
 *
 * @throws RangeError `smallResNet: widths must be …, got …`
 */
export function smallResNet(options: SmallResNetOptions): Encoder {
  const { imageShape, seed, widths = [16, 32, 64], stemStride = 1, projector = {} } = options;
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

function buildBackbone(
  imageShape: readonly [number, number, number],
  widths: readonly number[],
  stemStride: 1 | 2,
): LayersModel {
  const images = input({ shape: [...imageShape], name: "images" });
  const [first = 0] = widths;
  let x = relu("stem", normalized("stem", images, first, 3, stemStride));
  for (const [index, width] of widths.entries()) x = block(`stage${index + 1}`, x, width);
  const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(x) as SymbolicTensor;
  return model({ inputs: images, outputs: pooled, name: "backbone" });
}

function block(name: string, x: SymbolicTensor, width: number): SymbolicTensor {
  const first = relu(`${name}_first`, normalized(`${name}_first`, x, width, 3, 2));
  const second = normalized(`${name}_second`, first, width, 3, 1);
  const shortcut = normalized(`${name}_shortcut`, x, width, 1, 2);
  return relu(name, layers.add({ name: `${name}_sum` }).apply([second, shortcut]) as SymbolicTensor);
}

/** A convolution without bias and its batch normalization. */
function normalized(name: string, x: SymbolicTensor, filters: number, kernelSize: number, strides: 1 | 2) {
  const convolution = layers.conv2d({
    filters,
    kernelSize,
    strides,
    padding: "same",
    useBias: false,
    kernelInitializer: "zeros",
    name: `${name}_convolution`,
  });
  return normalize(name, convolution.apply(x) as SymbolicTensor);
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
