import { requireInteger, requireThat } from "../check/index.js";
import {
  conv2d,
  initializers,
  type LayerVariable,
  layers,
  type Shape,
  serialization,
  type Tensor4D,
} from "../engine/tensor.js";

export interface ConvolutionConfig {
  readonly name?: string;
  /** Channels of the result. */
  readonly filters: number;
  /** Height and width of the filters, odd. */
  readonly size: number;
  readonly stride: number;
}

/**
 * A convolution [n, height, width, channels] → [n, ⌈height / stride⌉, ⌈width / stride⌉, filters] of odd size, padded
 * alike on all sides as in PyTorch, no bias. (TensorFlow's "same" pads one side more at stride 2, which libtorch can
 * only do by copying the images.) tfjs-layers' own fuses convolution and bias, and its gradient then always computes the gradient by the
 * input too, which for the first layer is a fifth of the work for nothing.
 */
export class Convolution extends layers.Layer {
  /** @nocollapse */
  static readonly className = "KontrastConvolution";
  readonly #config: ConvolutionConfig;
  #kernel: LayerVariable | undefined;

  constructor(config: ConvolutionConfig) {
    super(config.name === undefined ? {} : { name: config.name });
    requireInteger("Convolution", "filters", config.filters, 1);
    requireInteger("Convolution", "size", config.size, 1);
    requireThat(config.size % 2 === 1, "Convolution", `size must be odd, got ${config.size}`);
    requireInteger("Convolution", "stride", config.stride, 1);
    this.#config = config;
  }

  override build(inputShape: Shape | Shape[]): void {
    const { filters, size } = this.#config;
    const shape = [size, size, (inputShape as Shape).at(-1) as number, filters];
    this.#kernel = this.addWeight("kernel", shape, "float32", initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: Tensor4D | Tensor4D[]): Tensor4D {
    if (!this.#kernel) throw new Error(`Convolution: ${this.name} must be built before it is called`);
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor4D;
    return conv2d(x, this.#kernel.read() as Tensor4D, this.#config.stride, (this.#config.size - 1) / 2);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [n = null, height, width] = inputShape as Shape;
    const { filters, stride } = this.#config;
    const reduced = (extent: number | null | undefined) => (extent == null ? null : Math.ceil(extent / stride));
    return [n, reduced(height), reduced(width), filters];
  }

  override getConfig(): serialization.ConfigDict {
    const { filters, size, stride } = this.#config;
    return { ...super.getConfig(), filters, size, stride };
  }
}

serialization.registerClass(Convolution);
