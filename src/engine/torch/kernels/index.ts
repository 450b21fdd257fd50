import type { KernelConfig } from "../../tensor.js";
import { convolution } from "./convolution.js";
import { creation } from "./creation.js";
import { elementwise } from "./elementwise.js";
import { indexing } from "./indexing.js";
import { matmul } from "./matmul.js";
import { normalization } from "./normalization.js";
import { pooling } from "./pooling.js";
import { reduction } from "./reduction.js";
import { shape } from "./shape.js";

/** All kernels of the backend `torch`. */
export const kernels: readonly KernelConfig[] = [
  ...elementwise,
  ...reduction,
  ...shape,
  ...creation,
  ...matmul,
  ...convolution,
  ...normalization,
  ...pooling,
  ...indexing,
];
