import { requirePositive } from "../check/index.js";
import { infoNce, type Pairs } from "../objectives/index.js";
import { type Policy, policies } from "../views/index.js";
import type { Method } from "./method.js";
import { type MomentumQueueOptions, momentumQueue } from "./momentumQueue.js";

/** Options of {@link moco}. */
export interface MocoOptions extends MomentumQueueOptions {
  /** Of {@link infoNce}; default 0.1, the authors' value for CIFAR-10 (0.2 for ImageNet). */
  readonly temperature?: number;
  /** Of the student's view and of the teacher's; default `policies.moco()` for both. */
  readonly policies?: readonly [Policy, Policy];
}

/**
 * MoCo v2: the student's query has to find the teacher's key of the same image among a queue of earlier keys. He et al.
 * 2020, "Momentum Contrast" (arXiv:1911.05722), Alg. 1; Chen et al. 2020 (arXiv:2003.04297) for the MLP head and the
 * stronger views. Defaults are those of the authors' CIFAR-10 notebook, asymmetric.
 *
 * @throws RangeError `moco: temperature must be > 0, got 0`
 */
export function moco(options: MocoOptions): Method {
  const { temperature = 0.1 } = options;
  requirePositive("moco", "temperature", temperature);
  return momentumQueue<Pairs>(
    {
      name: "moco",
      options: { temperature },
      policies: options.policies ?? [policies.moco(), policies.moco()],
      objective: {
        loss: (query, key, queue) => infoNce.ofQueue(query, key, queue, { temperature }),
        pairs: (masks) => masks,
        ofPairs: (similarity, pairs) => infoNce(similarity, pairs, { temperature }),
        describe: (similarity, pairs) => infoNce.describe(similarity, pairs, { temperature }),
      },
    },
    options,
  );
}
