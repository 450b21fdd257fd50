import { requireOneOf, requireSeed } from "../check/index.js";
import { input, type LayersModel, layers, model, type SymbolicTensor } from "../engine/tensor.js";
import type { Encoder } from "./encoder.js";
import { initialize } from "./initialize.js";
import { modelEncoder } from "./modelEncoder.js";
import { basicBlock, buildProjector, convolution, type ProjectorOptions } from "./residual.js";

export interface ResNet18Options {
  /** Height, width and channels of the images. */
  readonly imageShape: readonly [number, number, number];
  /** The same seed gives the same weights on every engine. */
  readonly seed: number;
  /**
   * `small` (default): a 3×3 convolution and no pooling, for images of about 32×32 (SimCLR, Chen et al. 2020,
   * arXiv:2002.05709, appendix B.9); `large`: a 7×7 convolution and max pooling, each at stride 2, as for ImageNet.
   */
  readonly stem?: "small" | "large";
  /** Default: 512 hidden units, 128 dimensions. */
  readonly projector?: ProjectorOptions;
}

const widths = [64, 128, 256, 512];

/**
 * ResNet-18: a stem, four stages of two basic blocks with 64, 128, 256 and 512 channels, global average pooling; h has
 * 512 dimensions. He et al. 2016 (arXiv:1512.03385), Table 1. With 32×32 images and the small stem it costs 0.56 billion
 * multiplications per image and has 11.2 million parameters.
 *
 * @throws RangeError `resNet18: stem must be one of "small", "large", got "tiny"`
 */
export function resNet18(options: ResNet18Options): Encoder {
  const { imageShape, seed, stem = "small", projector = {} } = options;
  const { hidden = 512, dimensions = 128 } = projector;
  requireSeed("resNet18", seed);
  requireOneOf("resNet18", "stem", stem, ["small", "large"]);
  const head = buildProjector("resNet18", 512, { hidden, dimensions });
  const backbone = buildBackbone(imageShape, stem);
  initialize([backbone, head], seed);
  return modelEncoder(backbone, head);
}

function buildBackbone(imageShape: readonly number[], stem: "small" | "large"): LayersModel {
  const images = input({ shape: [...imageShape], name: "images" });
  let x = stem === "small" ? smallStem(images) : largeStem(images);
  for (const [index, width] of widths.entries()) {
    x = basicBlock(`stage${index + 1}_block1`, x, width, index === 0 ? 1 : 2);
    x = basicBlock(`stage${index + 1}_block2`, x, width, 1);
  }
  const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(x) as SymbolicTensor;
  return model({ inputs: images, outputs: pooled, name: "backbone" });
}

function smallStem(images: SymbolicTensor): SymbolicTensor {
  return convolution("stem", images, { filters: 64, size: 3, relu: true });
}

/** The convolution is padded by 3, the pooling by 1 on all sides, as in PyTorch; zeros lose against what relu lets by. */
function largeStem(images: SymbolicTensor): SymbolicTensor {
  const x = convolution("stem", images, { filters: 64, size: 7, stride: 2, relu: true });
  const padded = layers.zeroPadding2d({ padding: 1, name: "stem_padding" }).apply(x) as SymbolicTensor;
  const pool = layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "valid", name: "stem_pool" });
  return pool.apply(padded) as SymbolicTensor;
}
