import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import {
  type BackendValues,
  type DataType,
  getKernel,
  type KernelConfig,
  type NamedTensorInfoMap,
  type TensorInfo,
} from "../tensor.js";
import type { TorchBackend } from "./backend.js";
import { checkRagged } from "./checkRagged.js";

/** Where tfjs's own kernels compute on values that were read back; its `write` would recommend another backend. */
class Host extends MathBackendCPU {
  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }
}

let host: Host | undefined;

/**
 * A kernel that juggles indices or strings, with nothing for libtorch to compute: tfjs's own CPU kernel runs it on
 * values that are read back, with its checks and messages.
 */
export function hostKernel(kernelName: string): KernelConfig {
  return {
    kernelName,
    backendName: "torch",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const torch = backend as TorchBackend;
      checkRagged(kernelName, torch, inputs);
      host ??= new Host();
      const cpu = host;
      const made: TensorInfo[] = [];
      const keep = (tensor: TensorInfo) => {
        made.push(tensor);
        return tensor;
      };
      const download = ({ dataId, shape, dtype }: TensorInfo) =>
        keep(cpu.makeTensorInfo(shape, dtype, torch.readSync(dataId)));
      const upload = (tensor: TensorInfo) => {
        const { dataId, shape, dtype } = keep(tensor);
        return { dataId: torch.write(cpu.readSync(dataId), shape, dtype), shape, dtype };
      };
      try {
        const local = Object.entries(inputs as Record<string, TensorInfo | TensorInfo[]>).map(([name, input]) => [
          name,
          Array.isArray(input) ? input.map(download) : download(input),
        ]);
        const config = getKernel(kernelName, "cpu");
        const outputs = config.kernelFunc({
          inputs: Object.fromEntries(local) as NamedTensorInfoMap,
          backend: cpu,
          ...(attrs && { attrs }),
        });
        return Array.isArray(outputs) ? outputs.map(upload) : upload(outputs);
      } finally {
        for (const { dataId } of made) cpu.disposeData(dataId);
      }
    },
  };
}
