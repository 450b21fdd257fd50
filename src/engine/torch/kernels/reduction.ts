import { type CumsumAttrs, type KernelConfig, type SumAttrs, util } from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

/** tfjs calls the axes `reductionIndices` in Max only. */
interface ReductionAttrs {
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims: boolean;
}

const reductions = ["All", "Any", "Max", "Mean", "Min", "Prod", "Sum"];

/** Reductions along axes, positions of extremes, and running sums and products. */
export const reduction: KernelConfig[] = [
  ...reductions.map((name) =>
    kernel<Inputs<"x">, ReductionAttrs>(name, ({ torch, inputs: { x }, attrs }) => {
      const axes = util.parseAxisParam((attrs.axis ?? attrs.reductionIndices) as SumAttrs["axis"], x.shape);
      return torch.call(name, x, axes, attrs.keepDims ?? false);
    }),
  ),
  ...["ArgMax", "ArgMin"].map((name) =>
    kernel<Inputs<"x">, { axis: number }>(name, ({ torch, inputs: { x }, attrs }) => {
      const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
      return torch.call(name, x, axis);
    }),
  ),
  ...["Cumsum", "Cumprod"].map((name) =>
    kernel<Inputs<"x">, CumsumAttrs>(name, ({ torch, inputs: { x }, attrs }) => {
      const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
      return torch.call(name, x, axis, attrs.exclusive, attrs.reverse);
    }),
  ),
];
