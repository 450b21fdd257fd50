import { requirePositive, requireProbability } from "../check/index.js";
import { sce as objective, type SceOptions, type SceTargetOptions, type TargetPairs } from "../objectives/index.js";
import { type Policy, policies } from "../views/index.js";
import type { Method } from "./method.js";
import { type MomentumQueueOptions, momentumQueue } from "./momentumQueue.js";

/** Options of {@link sce}. */
export interface SceMethodOptions extends MomentumQueueOptions, SceOptions, SceTargetOptions {
  /** Of the student's view and of the teacher's; default `policies.sceStrong()` and `policies.sceWeak()`. */
  readonly policies?: readonly [Policy, Policy];
}

/**
 * SCE, similarity contrastive estimation: the student's view is strongly changed, the teacher's weakly; the target mixes
 * the positive with the similarities the teacher sees to a queue of earlier keys. Denize et al. 2023 (arXiv:2111.14585).
 * Defaults are those of the authors' CIFAR-10 configuration, asymmetric.
 *
 * @throws RangeError `sce: temperature must be > 0, got 0`
 */
export function sce(options: SceMethodOptions): Method {
  const { temperature = 0.1, targetTemperature = 0.05, instanceWeight = 0.5, selfInTarget = "masked" } = options;
  requirePositive("sce", "temperature", temperature);
  requirePositive("sce", "targetTemperature", targetTemperature);
  requireProbability("sce", "instanceWeight", instanceWeight);
  const settled = { temperature, targetTemperature, instanceWeight, selfInTarget };
  return momentumQueue<TargetPairs>(
    {
      name: "sce",
      options: settled,
      policies: options.policies ?? [policies.sceStrong(), policies.sceWeak()],
      objective: {
        loss: (query, key, queue) => objective.ofQueue(query, key, queue, settled),
        pairs: (masks, teacherSimilarity) => ({
          ...masks,
          target: objective.target(teacherSimilarity, masks, settled),
        }),
        ofPairs: (similarity, pairs) => objective(similarity, pairs, settled),
        describe: (similarity, pairs) => objective.describe(similarity, pairs, settled),
      },
    },
    options,
  );
}
