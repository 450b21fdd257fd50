import {
  engine,
  type NamedTensorMap,
  registerGradient,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tidy,
} from "../tensor.js";
import { NtXent, NtXentGrad } from "./kernelNames.js";

registerGradient({
  kernelName: NtXent,
  inputsToSave: ["z"],
  outputsToSave: [false, true],
  gradFunc: (dys, [z, rows], attributes) => {
    const [dy] = dys as Tensor[];
    return { z: () => engine().runKernel<Tensor>(NtXentGrad, { dy, z, rows } as NamedTensorMap, attributes) as Tensor };
  },
});

/**
 * NT-Xent of two views as one kernel, with memory that grows with the batch and not with its square; only where
 * `hasKernel(NtXent)`. Chen et al. 2020 (arXiv:2002.05709), Eq. 1, averaged over the views.
 *
 * @param z [2n, dimensions], rows of any length; row i + n is the other view of row i
 */
export function ntXentKernel(z: Tensor2D, temperature: number): Scalar {
  return tidy(() => {
    const inputs = { z } as unknown as NamedTensorMap;
    const [loss] = engine().runKernel(NtXent, inputs, { temperature }) as unknown as [Scalar];
    return loss;
  });
}
