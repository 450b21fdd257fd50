/** A registered symbol, because the kernel and the notebook may load two copies of this module. */
const slot = Symbol.for("kontrast.repairs");
const globals = globalThis as { [slot]?: Set<() => void> };

/**
 * Has `repair` called whenever running code was stopped from outside. Nothing that was under way has come to its end then,
 * not even its `finally`.
 */
export function whenStopped(repair: () => void): void {
  globals[slot] ??= new Set();
  globals[slot].add(repair);
}

/** Code was stopped. The executor calls it before anything else runs. */
export function repairAfterStop(): void {
  for (const repair of globals[slot] ?? []) repair();
}
