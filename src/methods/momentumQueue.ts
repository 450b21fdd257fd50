import { requireInteger, requireProbability, requireThat, seededRandom } from "../check/index.js";
import { type Encoder, moveTowards } from "../encoders/index.js";
import {
  concat,
  keep,
  matMul,
  type Scalar,
  type Tensor2D,
  type Tensor4D,
  type TensorContainer,
  tidy,
} from "../engine/tensor.js";
import { type PairDescription, type Pairs, pairTable, queuePairs, stopGradient } from "../objectives/index.js";
import type { Policy, ViewRef } from "../views/index.js";
import { cloneEncoder } from "./cloneEncoder.js";
import { embedInParts } from "./embedInParts.js";
import { keyQueue } from "./keyQueue.js";
import type { Method } from "./method.js";
import { requireTwoViews } from "./requireTwoViews.js";

/** Options that all methods with a momentum teacher and a queue of its keys share. */
export interface MomentumQueueOptions {
  /** The student; embeds the first view. */
  readonly encoder: Encoder;
  /** Keys of earlier batches that serve as negatives; default 4096, the authors' value for CIFAR-10. */
  readonly queueSize?: number;
  /** The teacher keeps this share of itself at each step and takes the rest from the student; default 0.99. */
  readonly momentum?: number;
  /**
   * Parts of the batch with batch statistics of their own, as if on so many devices; the teacher's images are shuffled
   * over the parts (Shuffle-BN). Default 1: statistics of the whole batch, which is faster; the authors of MoCo and SCE
   * take 8 for CIFAR-10.
   */
  readonly batchNormParts?: number;
  /** Of the queue's first content and of the shuffling; default 0. */
  readonly seed?: number;
}

/** An objective on queries, keys and a queue, in its fast form and in the form that tells every pair. */
interface QueueObjective<P extends Pairs> {
  loss(query: Tensor2D, key: Tensor2D, queue: Tensor2D): Scalar;
  /** Adds to the masks what the teacher says of the pairs. */
  pairs(masks: Pairs, teacherSimilarity: Tensor2D): P;
  ofPairs(similarity: Tensor2D, pairs: P): Scalar;
  describe(similarity: Tensor2D, pairs: P): PairDescription;
}

/** What sets one method with teacher and queue apart from another. */
export interface MomentumQueueParts<P extends Pairs> {
  readonly name: string;
  /** The objective's options, for the record of a run. */
  readonly options: Method["options"];
  /** Of the student's view and of the teacher's. */
  readonly policies: readonly [Policy, Policy];
  readonly objective: QueueObjective<P>;
}

/**
 * A method whose student (first view) is compared with the keys of a teacher (second view) and a queue of the teacher's
 * earlier keys, in this one direction. The teacher starts as a copy of the student and follows it as a moving average.
 */
export function momentumQueue<P extends Pairs>(parts: MomentumQueueParts<P>, shared: MomentumQueueOptions): Method {
  const { name, objective, policies } = parts;
  const { encoder, queueSize = 4096, momentum = 0.99, batchNormParts = 1, seed = 0 } = shared;
  requireInteger(name, "queueSize", queueSize, 1);
  requireProbability(name, "momentum", momentum);
  requireInteger(name, "batchNormParts", batchNormParts, 1);
  const dimensions = encoder.projector.outputs[0]?.shape[1];
  requireThat(typeof dimensions === "number", name, `encoder must give embeddings of a fixed size, got ${dimensions}`);
  const teacher = cloneEncoder(encoder);
  const queue = keyQueue({ size: queueSize, dimensions, seed });
  let step = 0;
  let pending: { keys: Tensor2D; refs: readonly ViewRef[] } | undefined;

  const embedQuery = (images: Tensor4D, updateStatistics: boolean) =>
    embedInParts(encoder, images, { count: batchNormParts }, { training: true, updateStatistics });
  const embedKey = (images: Tensor4D, updateStatistics: boolean) => {
    const order = seededRandom(seed, step).permutation(images.shape[0]);
    return embedInParts(teacher, images, { count: batchNormParts, order }, { training: true, updateStatistics });
  };
  const dropPending = () => {
    pending?.keys.dispose();
    pending = undefined;
  };

  return {
    name,
    options: { ...parts.options, queueSize, momentum, batchNormParts, seed },
    encoder,
    policies,
    loss(views, refs) {
      requireTwoViews(name, views, refs);
      dropPending();
      return tidy(() => {
        const keys = keep(stopGradient<Tensor4D, Tensor2D>(views[1], (images) => embedKey(images, true)));
        pending = { keys, refs: refs[1] as readonly ViewRef[] };
        return objective.loss(embedQuery(views[0], true), keys, queue.keys);
      });
    },
    afterUpdate() {
      if (!pending) throw new Error(`${name}: afterUpdate must follow a loss`);
      moveTowards(teacher, encoder, momentum);
      queue.push(pending.keys, pending.refs);
      dropPending();
      step++;
    },
    pairTable(views, refs) {
      requireTwoViews(name, views, refs);
      const [anchors, ownKeys] = refs as readonly [readonly ViewRef[], readonly ViewRef[]];
      const { similarity, pairs } = tidyParts(() => {
        const keys = embedKey(views[1], false);
        const candidates = concat([keys, queue.keys], 0);
        const against = (rows: Tensor2D): Tensor2D => matMul(rows, candidates, false, true);
        const masks = queuePairs(anchors.length, queueSize);
        return {
          similarity: against(embedQuery(views[0], false)),
          pairs: objective.pairs(masks, against(keys)),
        };
      });
      return pairTable({
        anchors,
        candidates: [...ownKeys, ...queue.refs],
        pairs,
        similarity,
        objective: (s) => objective.ofPairs(s, pairs),
        describe: (s) => objective.describe(s, pairs),
      });
    },
    dispose() {
      dropPending();
      queue.dispose();
      teacher.dispose();
    },
  };
}

/** {@link tidy} for a record of masks and similarities, which tfjs's own type does not take. */
function tidyParts<P extends Pairs>(
  compute: () => { similarity: Tensor2D; pairs: P },
): {
  similarity: Tensor2D;
  pairs: P;
} {
  return tidy(compute as unknown as () => TensorContainer) as unknown as ReturnType<typeof compute>;
}
