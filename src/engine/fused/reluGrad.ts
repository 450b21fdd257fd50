import { engine, type NamedTensorMap, registerGradient, type Tensor, tidy } from "../tensor.js";
import { hasKernel, ReluGrad } from "./kernelNames.js";

/** tfjs's own gradient takes three passes (step, cast, product); with a kernel it is one. */
registerGradient({
  kernelName: "Relu",
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({ x: () => reluGrad(dy as Tensor, y as Tensor) }),
});

function reluGrad(dy: Tensor, y: Tensor): Tensor {
  if (!hasKernel(ReluGrad)) return tidy(() => dy.mul(y.step()));
  return engine().runKernel<Tensor>(ReluGrad, { dy, y } as unknown as NamedTensorMap) as Tensor;
}
