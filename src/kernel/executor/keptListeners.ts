/**
 * Keeps the listeners that the process has now, the kernel's and Node's own: without them a cell's
 * `process.removeAllListeners()` would cut the process off from the kernel. Those that cells add are removed as ever.
 */
export function keepListeners(): void {
  const kept = new Set<unknown>(process.eventNames().flatMap((name) => process.rawListeners(name as "exit")));
  const removeListener = process.removeListener.bind(process) as (name: string | symbol, listener: Listener) => void;
  const remove = (name: string | symbol, listener: Listener) => {
    if (!kept.has(listener)) removeListener(name, listener);
    return process;
  };
  const removeAllListeners = (...names: (string | symbol)[]) => {
    for (const name of names.length > 0 ? names : process.eventNames()) {
      for (const listener of process.rawListeners(name as "exit")) remove(name, listener as Listener);
    }
    return process;
  };
  Object.assign(process, { removeListener: remove, off: remove, removeAllListeners });
}

type Listener = (...given: unknown[]) => void;
