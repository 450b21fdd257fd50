import {
  type BincountAttrs,
  backend_util,
  type DenseBincountAttrs,
  type KernelConfig,
  type LRNAttrs,
  type LRNGradAttrs,
  type MultinomialAttrs,
  type SearchSortedAttrs,
  type UniqueAttrs,
  util,
} from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

/** Kernels that count, search and draw, and local response normalization. */
export const counting: KernelConfig[] = [
  kernel<Inputs<"x" | "weights">, BincountAttrs>("Bincount", ({ torch, inputs, attrs }) =>
    torch.call("bincount", inputs.x, inputs.weights, attrs.size, false),
  ),
  kernel<Inputs<"x" | "weights">, DenseBincountAttrs>("DenseBincount", ({ torch, inputs, attrs }) =>
    torch.call("bincount", inputs.x, inputs.weights, attrs.size, attrs.binaryOutput ?? false),
  ),
  kernel<Inputs<"sortedSequence" | "values">, SearchSortedAttrs>("SearchSorted", ({ torch, inputs, attrs }) =>
    torch.call("SearchSorted", inputs.sortedSequence, inputs.values, attrs.side === "right"),
  ),
  kernel<Inputs<"x">, UniqueAttrs>("Unique", ({ torch, inputs: { x }, attrs }) => {
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
    return torch.callMany("Unique", x, axis);
  }),
  kernel<Inputs<"logits">, MultinomialAttrs>("Multinomial", ({ torch, inputs, attrs }) =>
    torch.call("Multinomial", inputs.logits, attrs.numSamples, attrs.seed, attrs.normalized),
  ),
  kernel<Inputs<"x">, LRNAttrs>("LRN", ({ torch, inputs, attrs }) =>
    torch.call("LRN", inputs.x, attrs.depthRadius, attrs.bias, attrs.alpha, attrs.beta),
  ),
  kernel<Inputs<"x" | "y" | "dy">, LRNGradAttrs>("LRNGrad", ({ torch, inputs: { x, y, dy }, attrs }) =>
    torch.call("LRNGrad", x, y, dy, attrs.depthRadius, attrs.bias, attrs.alpha, attrs.beta),
  ),
  kernel<Inputs<"s0" | "s1">>("BroadcastArgs", ({ torch, inputs: { s0, s1 } }) => {
    const [a, b] = [s0, s1].map((shape) => Array.from(torch.readSync(shape.dataId) as Int32Array));
    const shape = backend_util.assertAndGetBroadcastShape(a ?? [], b ?? []);
    return {
      dataId: torch.write(Int32Array.from(shape), [shape.length], "int32"),
      shape: [shape.length],
      dtype: "int32",
    };
  }),
];
