import { engine, type NamedTensorMap, type Tensor, tidy, type Variable } from "../tensor.js";
import { hasKernel, MoveTowards, SgdUpdate } from "./kernelNames.js";

/** A weight, and what stochastic gradient descent knows about it. */
interface SgdState {
  readonly weight: Variable;
  readonly velocity: Variable;
  /** Weight decay. */
  readonly decay: number;
}

/**
 * One step of stochastic gradient descent over all weights, where the engine can in one kernel:
 * v ← momentum · v + gradient + decay · w; w ← w − learningRate · v.
 *
 * The kernel may write over the memory of weights and velocities that nobody else holds. Tensors that share their values
 * (clones, other shapes, what a backward pass keeps) stay as they are, as with `assign`.
 */
export function sgdUpdate(
  states: readonly SgdState[],
  gradients: readonly Tensor[],
  options: { learningRate: number; momentum: number },
): void {
  if (!hasKernel(SgdUpdate)) {
    for (const [index, state] of states.entries()) composedStep(state, gradients[index] as Tensor, options);
    return;
  }
  const inputs: Record<string, Tensor> = {};
  for (const [index, { weight, velocity }] of states.entries()) {
    inputs[`weight${index}`] = weight;
    inputs[`velocity${index}`] = velocity;
    inputs[`gradient${index}`] = gradients[index] as Tensor;
  }
  const variables = [...states.map(({ weight }) => weight), ...states.map(({ velocity }) => velocity)];
  replace(variables, SgdUpdate, inputs, { ...options, decays: states.map(({ decay }) => decay) });
}

/** Moves variables towards others: target ← momentum · target + (1 − momentum) · source; see {@link sgdUpdate}. */
export function moveVariables(targets: readonly Variable[], sources: readonly Variable[], momentum: number): void {
  if (!hasKernel(MoveTowards)) {
    for (const [index, target] of targets.entries()) {
      const source = sources[index] as Variable;
      tidy(() => target.assign(target.mul(momentum).add(source.mul(1 - momentum))));
    }
    return;
  }
  const inputs: Record<string, Tensor> = {};
  for (const [index, target] of targets.entries()) {
    inputs[`target${index}`] = target;
    inputs[`source${index}`] = sources[index] as Variable;
  }
  replace(targets, MoveTowards, inputs, { momentum });
}

function composedStep(
  { weight, velocity, decay }: SgdState,
  gradient: Tensor,
  { learningRate, momentum }: { learningRate: number; momentum: number },
): void {
  tidy(() => {
    const slope = decay > 0 ? gradient.add(weight.mul(decay)) : gradient;
    velocity.assign(velocity.mul(momentum).add(slope));
    weight.assign(weight.sub(velocity.mul(learningRate)));
  });
}

/** Runs a kernel whose outputs are the new values of variables, in their order. */
function replace(
  variables: readonly Variable[],
  kernel: string,
  inputs: NamedTensorMap,
  attributes: Record<string, number | number[]>,
): void {
  tidy(() => {
    const values = engine().runKernel(kernel, inputs, attributes) as unknown as Tensor[];
    for (const [index, variable] of variables.entries()) variable.assign(values[index] as Tensor);
  });
}
