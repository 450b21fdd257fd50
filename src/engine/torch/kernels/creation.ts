import type { FillAttrs, KernelConfig, LinSpaceAttrs, RangeAttrs } from "../../tensor.js";
import { util } from "../../tensor.js";
import { codeOf } from "../backend.js";
import { kernel } from "../kernel.js";

/** Kernels that make tensors out of numbers. */
export const creation: KernelConfig[] = [
  kernel<object, FillAttrs>("Fill", ({ torch, attrs: { shape, value, dtype } }) => {
    if (typeof value !== "string")
      return torch.call("fill", shape, Number(value), codeOf(dtype ?? util.inferDtype(value)));
    const bytes = util.encodeString(value);
    return torch.make(Array(util.sizeFromShape(shape)).fill(bytes), shape, "string");
  }),
  kernel<object, RangeAttrs>("Range", ({ torch, attrs: { start, stop, step, dtype } }) => {
    const forwards = start < stop;
    const empty = start === stop || (forwards && step < 0) || (!forwards && step > 1);
    const direction = !forwards && step === 1 ? -1 : step; // tfjs turns the default step around
    const count = empty ? 0 : Math.abs(Math.ceil((stop - start) / direction));
    return torch.call("range", start, direction, count, codeOf(dtype));
  }),
  kernel<object, LinSpaceAttrs>("LinSpace", ({ torch, attrs: { start, stop, num } }) =>
    torch.call("range", start, num > 1 ? (stop - start) / (num - 1) : 0, num, codeOf("float32")),
  ),
];
