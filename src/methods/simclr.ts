import { requirePositive } from "../check/index.js";
import type { Encoder } from "../encoders/index.js";
import { concat, matMul, split, type Tensor2D, type Tensor4D, tidy } from "../engine/tensor.js";
import { ntXent, pairTable, viewPairs } from "../objectives/index.js";
import { type Policy, policies } from "../views/index.js";
import type { Method, Views } from "./method.js";
import { requireTwoViews } from "./requireTwoViews.js";

/** Options of {@link simclr}. */
export interface SimclrOptions {
  readonly encoder: Encoder;
  /** Of {@link ntXent}; default 0.5, the authors' value for CIFAR-10. */
  readonly temperature?: number;
  /** Default `policies.simclr()` for both views. */
  readonly policies?: readonly [Policy, Policy];
}

/**
 * SimCLR: two strong views of each image, NT-Xent among all views of the batch. Chen et al. 2020, "A Simple Framework for
 * Contrastive Learning of Visual Representations" (arXiv:2002.05709). Both views go through the encoder in one pass, so
 * batch statistics are those of all 2n views, as in the authors' code.
 *
 * @throws RangeError `simclr: temperature must be > 0, got 0`
 */
export function simclr(options: SimclrOptions): Method {
  const { encoder, temperature = 0.5 } = options;
  requirePositive("simclr", "temperature", temperature);
  const embedAll = (views: Views, updateStatistics: boolean): Tensor2D =>
    encoder.embed(concat(views as Tensor4D[], 0), { training: true, updateStatistics });
  return {
    name: "simclr",
    options: { temperature },
    encoder,
    policies: options.policies ?? [policies.simclr(), policies.simclr()],
    loss(views, refs) {
      requireTwoViews("simclr", views, refs);
      return tidy(() => {
        const [z1, z2] = split(embedAll(views, true), 2, 0) as [Tensor2D, Tensor2D];
        return ntXent.ofViews(z1, z2, { temperature });
      });
    },
    afterUpdate() {},
    pairTable(views, refs) {
      requireTwoViews("simclr", views, refs);
      const pairs = viewPairs(views[0].shape[0]);
      const similarity = tidy(() => {
        const all = embedAll(views, false);
        return matMul(all, all, false, true) as Tensor2D;
      });
      return pairTable({
        anchors: refs.flat(),
        candidates: refs.flat(),
        pairs,
        similarity,
        objective: (s) => ntXent(s, pairs, { temperature }),
        describe: (s) => ntXent.describe(s, pairs, { temperature }),
      });
    },
    dispose() {},
  };
}
