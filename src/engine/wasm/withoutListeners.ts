const events = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Takes back what a start adds to the process: tfjs-backend-wasm listens for uncaught errors of the whole program and
 * throws them again, which ends a process that would have survived them.
 */
export async function withoutListeners<T>(start: () => Promise<T>): Promise<T> {
  const before = new Set<unknown>(events.flatMap((event) => process.listeners(event as "uncaughtException")));
  try {
    return await start();
  } finally {
    for (const event of events) {
      for (const listener of process.listeners(event as "uncaughtException")) {
        if (!before.has(listener)) process.removeListener(event, listener);
      }
    }
  }
}
