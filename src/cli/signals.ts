/** Signals that ask a program to end, and their numbers. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

type EndSignal = keyof typeof numbers;

/** Exit status of a program that a signal has ended, as a shell gives it: 130 for Ctrl-C. */
export function exitStatus(name: EndSignal): number {
  return 128 + numbers[name];
}

/** While `work` runs, signals that ask the program to end are `onSignal`'s. */
export async function withSignals<T>(onSignal: (name: EndSignal) => void, work: () => Promise<T>): Promise<T> {
  const names = Object.keys(numbers) as EndSignal[];
  for (const name of names) process.on(name, onSignal);
  try {
    return await work();
  } finally {
    for (const name of names) process.off(name, onSignal);
  }
}

/** Does work that such a signal aborts. `status`: it was, and with that the program should exit. */
export async function untilSignal<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly result: T } | { readonly status: number }> {
  const stop = new AbortController();
  try {
    const result = await withSignals(
      (name) => stop.abort(name),
      () => work(stop.signal),
    );
    return { result };
  } catch (error) {
    if (stop.signal.aborted) return { status: exitStatus(stop.signal.reason) };
    throw error;
  }
}
