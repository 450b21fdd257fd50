import { requireInteger, requireThat } from "../../check/index.js";
import type { Items } from "../dataset.js";

/**
 * Says which items stand together in a batch, and in which order the batches come. Any object of this shape will do:
 *
 *     const inOrder: Sampler = {
 *       name: "inOrder",
 *       batchesPerEpoch: (items, batchSize) => Math.floor(items.size / batchSize),
 *       *epoch(items, { batchSize }) {
 *         for (let at = 0; ; at += batchSize) yield Array.from({ length: batchSize }, (_, index) => at + index);
 *       },
 *     };
 *
 * What it gives must follow from its arguments alone: then a training that goes on at a later step meets the batches that
 * it would have met.
 */
export interface Sampler {
  /** Kept with the run; with whatever sets it apart from others of its kind. */
  readonly name: string;
  /** How many batches make an epoch, the same for all epochs. Throws if the items do not suit the sampler. */
  batchesPerEpoch(items: Items, batchSize: number): number;
  /**
   * The batches of one epoch, each of `batchSize` positions in the data set, as late as possible: they may be skipped. At
   * least as many as {@link batchesPerEpoch} says; what comes after them is not asked for.
   *
   * @param at.epoch from 0
   */
  epoch(items: Items, at: EpochOrder): Iterable<ArrayLike<number>>;
}

/** What an epoch's batches depend on, besides the data. */
export interface EpochOrder {
  readonly batchSize: number;
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
}

/**
 * How many batches make an epoch; `caller` is named in the errors.
 *
 * @throws RangeError `pretrain: batchSize must be <= 100 (the data's size), got 256`
 */
export function batchesPerEpoch(caller: string, items: Items, batchSize: number, sampler: Sampler): number {
  requireInteger(caller, "batchSize", batchSize, 1);
  requireThat(
    batchSize <= items.size,
    caller,
    `batchSize must be <= ${items.size} (the data's size), got ${batchSize}`,
  );
  const count = sampler.batchesPerEpoch(items, batchSize);
  const what = `the sampler ${sampler.name} must have an integer >= 1 of batches per epoch`;
  requireThat(Number.isInteger(count) && count >= 1, caller, `${what}, got ${count}`);
  return count;
}
