import { Worker } from "node:worker_threads";

/**
 * Starts a module of ours in a thread. From `dist` it is plain JavaScript; from `src` (tests, benchmarks) it is loaded through
 * tsx.
 *
 * @param module with the ending .js
 */
export function startWorker(module: URL, workerData?: unknown): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(module, { workerData });
  const source = JSON.stringify(module.href.replace(/\.js$/, ".ts"));
  const load = `import("tsx/esm/api").then(({ tsImport }) => tsImport(${source}, ${source}))`;
  return new Worker(load, { eval: true, workerData });
}
