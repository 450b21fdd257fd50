import {
  engine,
  equal,
  logSoftmax,
  type NamedTensorMap,
  range,
  registerGradient,
  type Scalar,
  scalar,
  slice,
  softmax,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "../tensor.js";
import { hasKernel, SoftmaxCrossEntropy, SoftmaxCrossEntropyGrad } from "./kernelNames.js";

/** What is wanted of each row: a weight per column, [rows, columns], or one column, int32 [rows], in [0, columns). */
type Target = Tensor2D | Tensor1D;

registerGradient({
  kernelName: SoftmaxCrossEntropy,
  inputsToSave: ["logits", "target"],
  outputsToSave: [false, true],
  gradFunc: (dys, [logits, target, rows], attributes) => {
    const [dy] = dys as Tensor[];
    const { temperature } = attributes as unknown as { temperature: number };
    const inputs = { dy, logits, target, rows } as NamedTensorMap;
    return {
      logits: () => engine().runKernel<Tensor>(SoftmaxCrossEntropyGrad, inputs, attributes) as Tensor,
      target: () => {
        const x = logits as Tensor2D;
        return logSoftmax(x.div(temperature)).mul((dy as Tensor).div(-x.shape[0]));
      },
    };
  },
});

/**
 * Cross-entropy of softmax(logits / temperature) with a target, averaged over the rows, in nats: one kernel forwards and
 * one backwards where the engine has them.
 *
 * @param logits [rows, columns]
 */
export function softmaxCrossEntropy(logits: Tensor2D, target: Target, temperature = 1): Scalar {
  return tidy(() => {
    if (hasKernel(SoftmaxCrossEntropy)) return run(logits, target, temperature)[0];
    return composedLosses(logits.div(temperature), target).mean().asScalar();
  });
}

/**
 * The cross-entropy of each row, and the slope of their sum by the logits: what an optimizer of its own needs.
 *
 * @returns losses [rows]; slope [rows, columns]
 */
export function crossEntropyWithSlope(logits: Tensor2D, target: Target): { losses: Tensor1D; slope: Tensor2D } {
  return tidy(() => {
    const [count, columns] = logits.shape;
    if (!hasKernel(SoftmaxCrossEntropy)) {
      const wanted = asWeights(target, columns);
      const total = wanted.sum(1, true);
      return { losses: composedLosses(logits, wanted), slope: softmax(logits).mul(total).sub<Tensor2D>(wanted) };
    }
    const [, rows] = run(logits, target, 1);
    const inputs = { dy: scalar(count), logits, target, rows } as unknown as NamedTensorMap;
    const slope = engine().runKernel<Tensor>(SoftmaxCrossEntropyGrad, inputs, { temperature: 1 }) as Tensor2D;
    return { losses: slice(rows, [0, 0], [1, count]).as1D(), slope };
  });
}

function run(logits: Tensor2D, target: Target, temperature: number): [Scalar, Tensor2D] {
  const inputs = { logits, target } as unknown as NamedTensorMap;
  return engine().runKernel(SoftmaxCrossEntropy, inputs, { temperature }) as unknown as [Scalar, Tensor2D];
}

function composedLosses(logits: Tensor2D, target: Target): Tensor1D {
  return asWeights(target, logits.shape[1]).mul(logSoftmax(logits)).sum<Tensor1D>(1).neg();
}

/** Not by `oneHot`, which takes no single column. */
function asWeights(target: Target, columns: number): Tensor2D {
  if (target.rank !== 1) return target as Tensor2D;
  return equal(target.reshape([-1, 1]), range(0, columns, 1, "int32")).toFloat() as Tensor2D;
}
