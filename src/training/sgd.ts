import { requireNotNegative, requireSameShape, requireThat, requireWithin } from "../check/index.js";
import { sgdUpdate } from "../engine/fused/index.js";
import { type NamedTensorMap, type Tensor, tidy, type Variable, variable, zerosLike } from "../engine/tensor.js";

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Share of the velocity that stays from step to step; default 0.9. */
  readonly momentum?: number;
  /** Pulls weights towards 0, as a gradient; default 5e-4. */
  readonly weightDecay?: number;
  /** What decays: `weights` (kernels, default), or `all`, biases and batch normalization too, as PyTorch's SGD does. */
  readonly decay?: "weights" | "all";
}

/** Stochastic gradient descent over some variables. */
export interface Sgd {
  /** One step along gradients by the variables' names. */
  update(gradients: NamedTensorMap, learningRate: number): void;
  dispose(): void;
}

/**
 * Stochastic gradient descent with momentum, with PyTorch's meaning of its options:
 *
 *     v ← momentum·v + gradient + weightDecay·w;  w ← w − learningRate·v
 *
 * @throws RangeError `sgd: momentum must be in [0, 1], got 2`, and from `update`, such as
 *   `sgd: gradients must hold one for every variable, got none for kernel`
 */
export function sgd(variables: readonly Variable[], options: SgdOptions = {}): Sgd {
  const { momentum = 0.9, weightDecay = 5e-4, decay = "weights" } = options;
  requireWithin("sgd", "momentum", momentum, 0, 1);
  requireNotNegative("sgd", "weightDecay", weightDecay);
  const states = variables.map((weight) => ({
    weight,
    velocity: tidy(() => variable(zerosLike(weight), false)),
    // kernels have at least two dimensions; biases, scales and offsets have one
    decay: decay === "all" || weight.rank > 1 ? weightDecay : 0,
  }));
  return {
    update(gradients, learningRate) {
      const slopes = states.map(({ weight }) => gradientOf(weight, gradients));
      sgdUpdate(states, slopes, { learningRate, momentum });
    },
    dispose() {
      for (const { velocity } of states) velocity.dispose();
    },
  };
}

function gradientOf({ name, shape }: Variable, gradients: NamedTensorMap): Tensor {
  const gradient = gradients[name];
  requireThat(gradient !== undefined, "sgd", `gradients must hold one for every variable, got none for ${name}`);
  requireSameShape("sgd", `${name} and its gradient`, shape, gradient.shape);
  return gradient;
}
