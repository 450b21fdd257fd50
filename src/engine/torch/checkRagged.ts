import { type TensorInfo, util } from "../tensor.js";
import type { TorchBackend } from "./backend.js";

/** V8's arrays have at most this many elements; beyond, it ends the process. */
const mostRows = 2 ** 27;

/**
 * What tfjs's own kernels of ragged and sparse tensors take for granted: with other row numbers they fill arrays until
 * memory runs out, which ends the process.
 *
 * @throws Error `RaggedTensorToTensor: row partitions must be int32 and ascend from 0 or more, got 0,-1,5`
 * @throws Error `SparseFillEmptyRows: the dense shape must have fewer than 134217728 rows, got 2147483647`
 */
export function checkRagged(kernelName: string, torch: TorchBackend, inputs: Readonly<Record<string, unknown>>): void {
  const read = (x: unknown) => Array.from(torch.readSync((x as TensorInfo).dataId) as Int32Array);
  if (kernelName === "SparseFillEmptyRows") {
    const [rows = 0] = read(inputs["denseShape"]);
    util.assert(
      rows < mostRows,
      () => `${kernelName}: the dense shape must have fewer than ${mostRows} rows, got ${rows}`,
    );
  }
  if (kernelName !== "RaggedTensorToTensor") return;
  for (const partition of inputs["rowPartitionTensors"] as TensorInfo[]) {
    const rows = read(partition);
    const ascends = rows.every((row, i) => row >= (rows[i - 1] ?? 0) && row < mostRows);
    const message = `${kernelName}: row partitions must be int32 and ascend from 0 or more, got ${rows}`;
    util.assert(partition.dtype === "int32" && ascends, () => message);
  }
}
