import { xoroshiro128plus } from "pure-rand";

/** A seeded stream of random numbers; the same seed and stream give the same numbers on every machine. */
export interface Random {
  /** A number in [low, high), default [0, 1), with 32 random bits. */
  uniform(low?: number, high?: number): number;
  /** An integer in [0, count). */
  integer(count: number): number;
  /** A sample of the standard normal distribution (Box–Muller). */
  normal(): number;
  /** `true` with the given probability. */
  chance(probability: number): boolean;
  /** The integers 0 … count−1 in random order (Fisher–Yates). */
  permutation(count: number): Int32Array;
}

/**
 * Opens a stream of random numbers.
 *
 * @param seed any integer that a number holds exactly
 * @param stream numbers that set this stream apart from others of the same seed, such as `(epoch, batch)`
 */
export function seededRandom(seed: number, ...stream: number[]): Random {
  const generator = xoroshiro128plus([seed, ...stream].reduce(mix, 0x9e3779b9));
  const unit = () => (generator.unsafeNext() >>> 0) / 0x1_0000_0000;
  const integer = (count: number) => Math.floor(unit() * count);
  return {
    uniform: (low = 0, high = 1) => low + unit() * (high - low),
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    chance: (probability) => unit() < probability,
    permutation(count) {
      const order = Int32Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last--) {
        const other = integer(last + 1);
        const kept = order[last] as number;
        order[last] = order[other] as number;
        order[other] = kept;
      }
      return order;
    },
  };
}

/** All 53 bits of an integer count; those above the lowest 32 only where there are any. */
function mix(hash: number, value: number): number {
  const mixed = mixBits(hash, value);
  const high = Math.floor(value / 2 ** 32);
  return high === 0 ? mixed : mixBits(mixed, high);
}

/** Murmur3's finalizer over the running hash: neighbouring seeds and streams give unrelated generators. */
function mixBits(hash: number, value: number): number {
  let mixed = (hash ^ Math.imul(value | 0, 0xcc9e2d51)) + 0x9e3779b9;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}
