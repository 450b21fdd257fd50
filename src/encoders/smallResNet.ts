import { requireSeed, requireThat } from "../check/index.js";
import { input, type LayersModel, layers, model, type SymbolicTensor } from "../engine/tensor.js";
import type { Encoder } from "./encoder.js";
import { initialize } from "./initialize.js";
import { modelEncoder } from "./modelEncoder.js";
import { basicBlock, buildProjector, convolution, type ProjectorOptions } from "./residual.js";

export interface SmallResNetOptions {
  /** Height, width and channels of the images. */
  readonly imageShape: readonly [number, number, number];
  /** The same seed gives the same weights on every engine. */
  readonly seed: number;
  /** Channels of the stages, one residual block each; the last is the length of h; default [16, 32, 64]. */
  readonly widths?: readonly number[];
  /** Stride of the first convolution, 3×3; default 2, with 1 the network costs four times as much. */
  readonly stemStride?: 1 | 2;
  /** Default: 128 hidden units, 128 dimensions. */
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
  requireSeed("smallResNet", seed);
  const positive = widths.length > 0 && widths.every((width) => Number.isInteger(width) && width > 0);
  requireThat(positive, "smallResNet", `widths must be positive integers, got [${widths.join(", ")}]`);
  const head = buildProjector("smallResNet", widths.at(-1) as number, { hidden, dimensions });
  const backbone = buildBackbone(imageShape, widths, stemStride);
  initialize([backbone, head], seed);
  return modelEncoder(backbone, head);
}

function buildBackbone(imageShape: readonly number[], widths: readonly number[], stride: number): LayersModel {
  const images = input({ shape: [...imageShape], name: "images" });
  let x = convolution("stem", images, { filters: widths[0] as number, size: 3, stride, relu: true });
  for (const [index, width] of widths.entries()) x = basicBlock(`stage${index + 1}`, x, width, index === 0 ? 1 : 2);
  const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(x) as SymbolicTensor;
  return model({ inputs: images, outputs: pooled, name: "backbone" });
}
