import { seededRandom } from "../check/index.js";
import { type LayersModel, type LayerVariable, tensor, tidy } from "../engine/tensor.js";

/**
 * Fills the kernels of all layers from N(0, 2 / fan-in), He et al. 2015 (arXiv:1502.01852), Eq. 10; biases and
 * normalizations stay as they were built. Each kernel has its own random stream, so that engines and the order of
 * creation do not matter.
 */
export function initialize(models: readonly LayersModel[], seed: number): void {
  const kernels = models.flatMap(({ weights }) => weights.filter(({ shape }) => shape.length > 1));
  for (const [index, kernel] of kernels.entries()) fill(kernel, seed, index);
}

function fill(kernel: LayerVariable, seed: number, index: number): void {
  const shape = kernel.shape as number[];
  const fanIn = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const deviation = Math.sqrt(2 / fanIn);
  const random = seededRandom(seed, index);
  const size = fanIn * (shape.at(-1) as number);
  const values = Float32Array.from({ length: size }, () => random.normal() * deviation);
  tidy(() => {
    kernel.write(tensor(values, shape));
  });
}
