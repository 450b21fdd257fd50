import type { KernelConfig } from "../../tensor.js";
import { acceptStrings } from "../acceptStrings.js";
import { blocks } from "./blocks.js";
import { complex } from "./complex.js";
import { convolution } from "./convolution.js";
import { convolution3d } from "./convolution3d.js";
import { counting } from "./counting.js";
import { creation } from "./creation.js";
import { dilation } from "./dilation.js";
import { draw } from "./draw.js";
import { elementwise } from "./elementwise.js";
import { image } from "./image.js";
import { indexing } from "./indexing.js";
import { matmul } from "./matmul.js";
import { normalization } from "./normalization.js";
import { onHost } from "./onHost.js";
import { pooling } from "./pooling.js";
import { reduction } from "./reduction.js";
import { shape } from "./shape.js";
import { training } from "./training.js";

/** All kernels of the backend `torch`. */
export const kernels: readonly KernelConfig[] = [
  ...elementwise,
  ...reduction,
  ...shape,
  ...creation,
  ...matmul,
  ...blocks,
  ...convolution,
  ...convolution3d,
  ...counting,
  ...dilation,
  ...draw,
  ...image,
  ...normalization,
  ...pooling,
  ...indexing,
  ...onHost,
  ...complex,
  ...training,
].map(acceptStrings);
