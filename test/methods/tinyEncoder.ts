import { batchOf, shapes } from "../../src/data/index.js";
import { type Encoder, smallResNet } from "../../src/encoders/index.js";
import type { Tensor4D } from "../../src/engine/tensor.js";
import type { Method } from "../../src/methods/index.js";
import { makeView, type ViewRef } from "../../src/views/index.js";

/** A residual network small enough for tests. */
export function tinyEncoder(seed = 1): Encoder {
  return smallResNet({ imageShape: [16, 16, 3], seed, widths: [4, 8], projector: { hidden: 8, dimensions: 6 } });
}

const tinyData = shapes({ count: 64, size: 16, seed: 5 });

/** Both views of the items at `from` … `from + n − 1` by the method's policies. */
export function viewsOf(method: Method, n: number, from = 0): { images: Tensor4D[]; refs: ViewRef[][] } {
  const batch = batchOf(
    tinyData,
    Int32Array.from({ length: n }, (_, i) => from + i),
  );
  const views = method.policies.map((policy, view) => makeView(batch, policy, { seed: 3, view, step: from }));
  return { images: views.map(({ images }) => images), refs: views.map(({ refs }) => refs) };
}
