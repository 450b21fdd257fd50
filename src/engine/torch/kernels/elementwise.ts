import type { CastAttrs, ClipByValueAttrs, KernelConfig, LeakyReluAttrs, StepAttrs, TensorInfo } from "../../tensor.js";
import { codeOf } from "../backend.js";
import { type Inputs, kernel } from "../kernel.js";

const unaryNames = [
  ...["Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "Elu", "Erf", "Exp", "Expm1"],
  ...["Floor", "IsFinite", "IsInf", "IsNan", "Log", "Log1p", "LogicalNot", "Neg", "OnesLike", "Reciprocal", "Relu"],
  ...["Relu6", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Sqrt", "Square", "Tan"],
  ...["Tanh", "ZerosLike"],
];

const binaryNames = [
  ...["Add", "Atan2", "BitwiseAnd", "Equal", "FloorDiv", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd"],
  ...["LogicalOr", "LogicalXor", "Maximum", "Minimum", "Mod", "Multiply", "NotEqual", "Pow", "RealDiv"],
  ...["SquaredDifference", "Sub"],
];

/** Element-wise kernels; the native engine knows each under its tfjs name. */
export const elementwise: KernelConfig[] = [
  ...unaryNames.map((name) => kernel<Inputs<"x">>(name, ({ torch, inputs }) => torch.call(name, inputs.x))),
  ...binaryNames.map((name) =>
    kernel<Inputs<"a" | "b">>(name, ({ torch, inputs }) => torch.call(name, inputs.a, inputs.b)),
  ),
  kernel<TensorInfo[]>("AddN", ({ torch, inputs }) => torch.call("AddN", Object.values(inputs))),
  kernel<Inputs<"x">, CastAttrs>("Cast", ({ torch, inputs: { x }, attrs: { dtype } }) =>
    x.dtype === dtype ? torch.share(x, x.shape) : torch.call("Cast", x, codeOf(dtype)),
  ),
  kernel<Inputs<"x">, ClipByValueAttrs>("ClipByValue", ({ torch, inputs, attrs }) =>
    torch.call("ClipByValue", inputs.x, attrs.clipValueMin, attrs.clipValueMax),
  ),
  kernel<Inputs<"dy" | "y">>("EluGrad", ({ torch, inputs }) => torch.call("EluGrad", inputs.dy, inputs.y)),
  kernel<Inputs<"x">, LeakyReluAttrs>("LeakyRelu", ({ torch, inputs, attrs }) =>
    torch.call("LeakyRelu", inputs.x, attrs.alpha),
  ),
  kernel<Inputs<"x" | "alpha">>("Prelu", ({ torch, inputs }) => torch.call("Prelu", inputs.x, inputs.alpha)),
  kernel<Inputs<"condition" | "t" | "e">>("Select", ({ torch, inputs }) =>
    torch.call("Select", inputs.condition, inputs.t, inputs.e),
  ),
  kernel<Inputs<"x">, StepAttrs>("Step", ({ torch, inputs, attrs }) => torch.call("Step", inputs.x, attrs.alpha)),
];
