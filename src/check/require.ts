/**
 * Argument checks. Every message reads `caller: name must …, got value`, so that it says who asked and what to mend.
 *
 * @throws RangeError as above
 */
export function requirePositive(caller: string, name: string, value: number): void {
  requireThat(Number.isFinite(value) && value > 0, caller, `${name} must be > 0, got ${value}`);
}

/** Requires a finite number of at least 0. @throws RangeError `caller: name must be >= 0 and finite, got value` */
export function requireNotNegative(caller: string, name: string, value: number): void {
  requireThat(Number.isFinite(value) && value >= 0, caller, `${name} must be >= 0 and finite, got ${value}`);
}

/** Requires a number in [low, high]. @throws RangeError `caller: name must be in [low, high], got value` */
export function requireWithin(caller: string, name: string, value: number, low: number, high: number): void {
  requireThat(value >= low && value <= high, caller, `${name} must be in [${low}, ${high}], got ${value}`);
}

/** Requires a probability. @throws RangeError `caller: name must be in [0, 1], got value` */
export function requireProbability(caller: string, name: string, value: number): void {
  requireWithin(caller, name, value, 0, 1);
}

/** Requires an integer of at least `least`. @throws RangeError `caller: name must be an integer >= least, got value` */
export function requireInteger(caller: string, name: string, value: number, least = 0): void {
  requireThat(
    Number.isInteger(value) && value >= least,
    caller,
    `${name} must be an integer >= ${least}, got ${value}`,
  );
}

/**
 * Requires an integer of any sign that a number holds exactly.
 *
 * @throws RangeError `caller: seed must be an integer from -9007199254740991 to 9007199254740991, got value`
 */
export function requireSeed(caller: string, seed: number): void {
  const most = Number.MAX_SAFE_INTEGER;
  requireThat(Number.isSafeInteger(seed), caller, `seed must be an integer from ${-most} to ${most}, got ${seed}`);
}

/** Requires equal shapes. @throws RangeError `caller: names must have one shape, got [2, 3] and [4, 3]` */
export function requireSameShape(caller: string, names: string, a: readonly number[], b: readonly number[]): void {
  const same = a.length === b.length && a.every((extent, axis) => extent === b[axis]);
  requireThat(same, caller, `${names} must have one shape, got [${a.join(", ")}] and [${b.join(", ")}]`);
}

/** Requires a condition. @throws RangeError `caller: message` */
export function requireThat(condition: boolean, caller: string, message: string): asserts condition {
  if (!condition) throw new RangeError(`${caller}: ${message}`);
}

/**
 * Requires one of the allowed names.
 *
 * @throws RangeError `caller: name must be one of "a", "b", got "c"`
 */
export function requireOneOf<T extends string>(caller: string, name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  const list = allowed.map((candidate) => `"${candidate}"`).join(", ");
  requireThat(found !== undefined, caller, `${name} must be one of ${list}, got "${value}"`);
  return found;
}
