import {
  ImagesOfBytes,
  MoveTowards,
  NtXent,
  NtXentGrad,
  SgdUpdate,
  SoftmaxCrossEntropy,
  SoftmaxCrossEntropyGrad,
} from "../../fused/kernelNames.js";
import type { KernelConfig, TensorInfo } from "../../tensor.js";
import type { TorchBackend } from "../backend.js";
import { type Inputs, kernel } from "../kernel.js";

interface Temperature {
  readonly temperature: number;
}

interface ImagesOfBytesAttrs {
  readonly bytes: Uint8Array;
  readonly positions: Int32Array;
  readonly shape: readonly [number, number, number];
}

/** Kontrast's own kernels for a step of training, see engine/fused. */
export const training: KernelConfig[] = [
  kernel<Inputs<"z">, Temperature>(NtXent, ({ torch, inputs: { z }, attrs }) =>
    torch.callMany("NtXent", z, attrs.temperature),
  ),
  kernel<Inputs<"dy" | "z" | "rows">, Temperature>(NtXentGrad, ({ torch, inputs: { dy, z, rows }, attrs }) =>
    torch.call("NtXentGrad", dy, z, rows, attrs.temperature),
  ),
  kernel<Inputs<"logits" | "target">, Temperature>(SoftmaxCrossEntropy, ({ torch, inputs, attrs }) =>
    torch.callMany("SoftmaxCrossEntropy", inputs.logits, inputs.target, attrs.temperature),
  ),
  kernel<Inputs<"dy" | "logits" | "target" | "rows">, Temperature>(
    SoftmaxCrossEntropyGrad,
    ({ torch, inputs: { dy, logits, target, rows }, attrs }) =>
      torch.call("SoftmaxCrossEntropyGrad", dy, logits, rows, target, attrs.temperature),
  ),
  kernel<Inputs, { decays: number[]; learningRate: number; momentum: number }>(
    SgdUpdate,
    ({ torch, inputs, attrs: { decays, learningRate, momentum } }) => {
      const [weights, velocities, gradients] = listed(inputs, ["weight", "velocity", "gradient"], decays.length);
      return withOwn(torch, [...weights, ...velocities], (own) => {
        const [w, v] = [own.slice(0, decays.length), own.slice(decays.length)];
        return torch.callMany("SgdUpdate", w, v, gradients, decays, learningRate, momentum);
      });
    },
  ),
  kernel<Inputs, { momentum: number }>(MoveTowards, ({ torch, inputs, attrs: { momentum } }) => {
    const [targets, sources] = listed(inputs, ["target", "source"], Object.keys(inputs).length / 2);
    return withOwn(torch, targets, (own) => torch.callMany("MoveTowards", own, sources, momentum));
  }),
  kernel<object, ImagesOfBytesAttrs>(ImagesOfBytes, ({ torch, attrs: { bytes, positions, shape } }) =>
    torch.call("ImagesOfBytes", bytes, positions, shape),
  ),
];

/**
 * Calls a kernel that writes over memory which nobody else sees: of tensors that share theirs it gets copies. tfjs lets
 * tensors of one shape share one handle (`clone`, `assign`), so that the native side cannot tell.
 */
function withOwn<T>(torch: TorchBackend, tensors: readonly TensorInfo[], compute: (own: TensorInfo[]) => T): T {
  const copies: TensorInfo[] = [];
  try {
    return compute(
      tensors.map((tensor) => {
        if (torch.refCount(tensor.dataId) === 1) return tensor;
        const copy = torch.call("Reverse", tensor, []); // along no axis
        copies.push(copy);
        return copy;
      }),
    );
  } finally {
    for (const { dataId } of copies) torch.disposeData(dataId);
  }
}

/** Inputs named weight0, velocity0, …, weight1, … as one list per name. */
function listed<const Names extends readonly string[]>(
  inputs: Inputs,
  names: Names,
  count: number,
): { [Index in keyof Names]: TensorInfo[] } {
  const lists = names.map((name) => Array.from({ length: count }, (_, index) => inputs[`${name}${index}`]));
  return lists as unknown as { [Index in keyof Names]: TensorInfo[] };
}
