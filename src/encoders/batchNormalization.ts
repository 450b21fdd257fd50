import { requirePositive, requireProbability, requireThat } from "../check/index.js";
import { batchNormTraining } from "../engine/fused/index.js";
import {
  batchNorm,
  initializers,
  type LayerVariable,
  layers,
  type Shape,
  serialization,
  type Tensor,
  type Tensor1D,
  tidy,
} from "../engine/tensor.js";

export interface BatchNormalizationConfig {
  readonly name?: string;
  /** Share of the old moving statistics that stays at each training pass; default 0.9. */
  readonly momentum?: number;
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** Whether negative results become 0; default `false`. */
  readonly relu?: boolean;
}

/**
 * Batch normalization over the last axis. In training it uses the engine's fused kernel and moves the moving mean
 * and (biased) variance, unless `updateStatistics` is false; otherwise it normalizes with the moving statistics.
 * Ioffe & Szegedy 2015 (arXiv:1502.03167). Replaces tfjs-layers' own, whose gradient takes a dozen passes over x.
 *
 * With `relu` it may be applied to a pair [x, residual] of one shape: relu(normalized x + residual), as at the end of a
 * residual block.
 */
export class BatchNormalization extends layers.Layer {
  /** @nocollapse */
  static readonly className = "KontrastBatchNormalization";
  readonly #momentum: number;
  readonly #epsilon: number;
  readonly #relu: boolean;
  #variables: Record<"scale" | "offset" | "mean" | "variance", LayerVariable> | undefined;

  constructor(config: BatchNormalizationConfig = {}) {
    super(config);
    const { momentum = 0.9, epsilon = 1e-5, relu = false } = config;
    requireProbability("BatchNormalization", "momentum", momentum);
    requirePositive("BatchNormalization", "epsilon", epsilon);
    this.#momentum = momentum;
    this.#epsilon = epsilon;
    this.#relu = relu;
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = [this.computeOutputShape(inputShape).at(-1) as number];
    const [zeros, ones] = [initializers.zeros(), initializers.ones()];
    this.#variables = {
      scale: this.addWeight("scale", channels, "float32", ones),
      offset: this.addWeight("offset", channels, "float32", zeros),
      mean: this.addWeight("moving_mean", channels, "float32", zeros, undefined, false),
      variance: this.addWeight("moving_variance", channels, "float32", ones, undefined, false),
    };
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], options: Record<string, unknown>): Tensor {
    return tidy(() => {
      const [x, residual] = (Array.isArray(inputs) ? inputs : [inputs]) as [Tensor, Tensor?];
      requireThat(!residual || this.#relu, "BatchNormalization", "a residual asks for relu: true, got false");
      const { scale, offset, mean, variance } = this.#built();
      const [gamma, beta] = [scale.read() as Tensor1D, offset.read() as Tensor1D];
      if (!options["training"]) {
        const y = batchNorm(x, mean.read() as Tensor1D, variance.read() as Tensor1D, beta, gamma, this.#epsilon);
        const sum = residual ? y.add(residual) : y;
        return this.#relu ? sum.relu() : sum;
      }
      const batch = batchNormTraining(x, gamma, beta, { epsilon: this.#epsilon, relu: this.#relu, residual });
      if (options["updateStatistics"] !== false) {
        this.#move(mean, batch.mean);
        this.#move(variance, batch.variance);
      }
      return batch.y;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [first] = inputShape as Shape[];
    return Array.isArray(first) ? first : (inputShape as Shape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), momentum: this.#momentum, epsilon: this.#epsilon, relu: this.#relu };
  }

  #built() {
    if (!this.#variables) throw new Error(`BatchNormalization: ${this.name} must be built before it is called`);
    return this.#variables;
  }

  #move(statistic: LayerVariable, ofBatch: Tensor1D): void {
    statistic.write(
      statistic
        .read()
        .mul(this.#momentum)
        .add(ofBatch.mul(1 - this.#momentum)),
    );
  }
}

serialization.registerClass(BatchNormalization);
