import { engine, type NamedTensorMap, type Scalar, type Tensor, type Variable, variableGrads } from "./tensor.js";

/** The part of a node of tfjs's tape that is used here. */
interface TapeNode {
  readonly inputs: Readonly<Record<string, Tensor>>;
  gradient?: (dys: (Tensor | null)[]) => Record<string, () => Tensor>;
  saved?: Tensor[];
}

/**
 * tf.variableGrads that frees as it goes back: what an operation has saved, and the gradient of its result, go as soon as
 * the gradients of its operands are there. tfjs keeps both to the end, which for a deep network is twice the memory.
 *
 * @param loss makes a scalar; not called within another gradient
 */
export function variableGradients(
  loss: () => Scalar,
  variables: readonly Variable[],
): { value: Scalar; grads: NamedTensorMap } {
  return variableGrads(() => {
    const value = loss();
    if (engine().state.gradientDepth === 1) freeAsUsed(engine().state.activeTape as TapeNode[]);
    return value;
  }, [...variables]);
}

/**
 * Nodes are asked for their gradients from last to first; each frees what the one before it has used: what was saved, the
 * gradients of its results, and gradients of its operands that were added to earlier ones.
 */
function freeAsUsed(tape: readonly TapeNode[]): void {
  const withGradient = new Set<number>();
  let freePrevious = () => {};
  for (const node of tape) {
    const { gradient, inputs } = node;
    if (!gradient) continue;
    node.gradient = (dys) => {
      freePrevious();
      const used = new Set<Tensor>([...(node.saved ?? []), ...dys.filter((dy) => dy !== null)]);
      const passedOn = new Set<Tensor>();
      freePrevious = () => {
        for (const tensor of used) if (!passedOn.has(tensor)) tensor.dispose();
      };
      const collect = (name: string, compute: () => Tensor) => () => {
        const dx = compute();
        const { id } = inputs[name] as Tensor;
        (withGradient.has(id) ? used : passedOn).add(dx);
        withGradient.add(id);
        return dx;
      };
      const gradients = Object.entries(gradient(dys));
      return Object.fromEntries(gradients.map(([name, compute]) => [name, collect(name, compute)]));
    };
  }
}
