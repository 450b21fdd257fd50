/** A smooth function of a vector: its value and gradient. */
export type Objective = (at: Float64Array) => Promise<{ value: number; gradient: Float64Array }>;

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
}

const history = 10;
const sufficientDecrease = 1e-4;
/** A decrease below this share of the value, or of 1 where that is more, ends the search. */
const smallestGain = 1e-6;

/**
 * Minimizes a convex function with limited memory BFGS and a backtracking line search. Nocedal & Wright 2006,
 * "Numerical Optimization", Alg. 7.4 and 7.5, with 10 pairs. It also stops when a step gains next to nothing.
 *
 * @param options.tolerance largest component of the gradient at which it stops
 */
export async function lbfgs(
  objective: Objective,
  start: Float64Array,
  options: { iterations: number; tolerance: number },
): Promise<Minimum> {
  let at = start;
  let { value, gradient } = await objective(at);
  const pairs: { s: Float64Array; y: Float64Array }[] = [];
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    if (largest(gradient) <= options.tolerance) return { at, value, iterations: iteration };
    const direction = descent(gradient, pairs);
    const slope = dot(direction, gradient);
    let step = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let next = at;
    let found = { value, gradient };
    for (; step > 1e-10; step /= 2) {
      next = moved(at, direction, step);
      found = await objective(next);
      if (found.value <= value + sufficientDecrease * step * slope) break;
    }
    // Rounding hides any further decrease.
    if (!(found.value < value)) return { at, value, iterations: iteration };
    const [s, y] = [moved(next, at, -1), moved(found.gradient, gradient, -1)];
    if (dot(s, y) > 1e-12 * dot(y, y)) pairs.push({ s, y });
    if (pairs.length > history) pairs.shift();
    const gain = value - found.value;
    at = next;
    ({ value, gradient } = found);
    if (gain <= smallestGain * Math.max(1, value)) return { at, value, iterations: iteration + 1 };
  }
  return { at, value, iterations: options.iterations };
}

/** −H · gradient by the two-loop recursion. */
function descent(gradient: Float64Array, pairs: readonly { s: Float64Array; y: Float64Array }[]): Float64Array {
  let q: Float64Array = gradient.map((component) => -component);
  const weights = new Map<Float64Array, number>();
  for (const { s, y } of [...pairs].reverse()) {
    const weight = dot(s, q) / dot(s, y);
    weights.set(s, weight);
    q = moved(q, y, -weight);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = dot(last.s, last.y) / dot(last.y, last.y);
    q = q.map((component) => component * scale);
  }
  for (const { s, y } of pairs) q = moved(q, s, (weights.get(s) as number) - dot(y, q) / dot(s, y));
  return q;
}

function moved(from: Float64Array, along: Float64Array, step: number): Float64Array {
  const result = Float64Array.from(from);
  for (let index = 0; index < result.length; index++) {
    result[index] = (result[index] as number) + step * (along[index] as number);
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

function largest(vector: Float64Array): number {
  return vector.reduce((most, component) => Math.max(most, Math.abs(component)), 0);
}
