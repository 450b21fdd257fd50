import { requireThat, requireWithin } from "../check/index.js";
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
 * @throws RangeError `sgd: momentum must be in [0, 1], got 2`
 */
export function sgd(variables: readonly Variable[], options: SgdOptions = {}): Sgd {
  const { momentum = 0.9, weightDecay = 5e-4, decay = "weights" } = options;
  requireWithin("sgd", "momentum", momentum, 0, 1);
  requireThat(weightDecay >= 0, "sgd", `weightDecay must be >= 0, got ${weightDecay}`);
  const states = variables.map((weight) => ({
    weight,
    velocity: tidy(() => variable(zerosLike(weight), false)),
    // kernels have at least two dimensions; biases, scales and offsets have one
    decay: decay === "all" || weight.rank > 1 ? weightDecay : 0,
  }));
  return {
    update(gradients, learningRate) {
      for (const state of states) {
        tidy(() => {
          const { weight, velocity } = state;
          const gradient = gradients[weight.name] as Tensor;
          const slope = state.decay > 0 ? gradient.add(weight.mul(state.decay)) : gradient;
          velocity.assign(velocity.mul(momentum).add(slope));
          weight.assign(weight.sub(velocity.mul(learningRate)));
        });
      }
    },
    dispose() {
      for (const { velocity } of states) velocity.dispose();
    },
  };
}
