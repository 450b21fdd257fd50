import { complex, engine, type Tensor, tensor, util } from "../../../src/engine/tensor.js";
import type { Attributes, Call, Input } from "./kernelCalls.js";

/** A tensor of the backend in use; values that are not given follow a sine, so that all engines get the same. */
export function made({ shape, dtype, values }: Input): Tensor {
  const size = util.sizeFromShape([...shape]);
  const wave = (i: number) => 2 * Math.sin(1.7 * i + 0.4);
  const list = values ?? Array.from({ length: size }, (_, i) => wave(i));
  if (dtype === "complex64")
    return complex(made({ shape, dtype: "float32", values: list }), made({ shape, dtype: "float32" }));
  if (dtype === "bool") return tensor(list.map((value) => Number(value) > 0) as never, [...shape], "bool");
  return tensor(list as number[], [...shape], dtype);
}

/** Runs a kernel of the backend in use on tensors made for the call. The result lives as long as the tidy around. */
export function runCall(kernelName: string, [inputs, attributes = {}]: Call, attrs: Attributes = attributes): Tensor[] {
  const entries = Object.entries(inputs as Record<string, Input | readonly Input[]>);
  const tensors = entries.map(([name, input]) => [name, Array.isArray(input) ? input.map(made) : made(input as Input)]);
  const named = Array.isArray(inputs) ? tensors.map(([, x]) => x) : Object.fromEntries(tensors);
  const result = engine().runKernel(kernelName, named, attrs as never) as Tensor | Tensor[];
  return Array.isArray(result) ? result : [result];
}
