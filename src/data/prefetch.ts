const aborted = Symbol("aborted");

/**
 * Loads values in the order of `source` while the consumer works: up to `ahead` loads are under way beyond the value
 * that has been handed over. An error arrives in its turn, after the values before it. When the consumer leaves the
 * loop, nothing more is begun and what is under way is waited for; an abort ends the sequence at once and without an
 * error, as an interrupt does.
 */
export async function* prefetch<From, To>(
  source: Iterable<From>,
  load: (value: From) => Promise<To>,
  options: { ahead: number; signal?: AbortSignal | undefined },
): AsyncGenerator<To> {
  const { ahead, signal } = options;
  const underWay: Promise<To>[] = [];
  const iterator = source[Symbol.iterator]();
  let exhausted = false;
  const begin = (): Promise<To> | undefined => {
    try {
      const { value, done } = iterator.next();
      if (!done) return load(value);
      exhausted = true;
      return undefined;
    } catch (error) {
      exhausted = true;
      return Promise.reject(error);
    }
  };
  const fill = () => {
    while (underWay.length <= ahead && !exhausted && !signal?.aborted) {
      const loading = begin();
      if (!loading) return;
      loading.catch(() => {}); // thrown when its turn comes; nobody asks for it once the consumer has left
      underWay.push(loading);
    }
  };
  try {
    for (fill(); underWay.length > 0; fill()) {
      const value = await unlessAborted(underWay[0] as Promise<To>, signal);
      if (value === aborted) return;
      void underWay.shift();
      yield value;
    }
  } finally {
    if (!exhausted) iterator.return?.();
    await unlessAborted(Promise.allSettled(underWay), signal);
  }
}

/** The promise's value, or a sign that the signal came first. The listener goes, whichever it is. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | typeof aborted> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => resolve(aborted);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
