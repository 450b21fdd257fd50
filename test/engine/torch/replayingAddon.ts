import type { Addon, Handle, NativeArgument, NativeKernel, RawTensor } from "../../../src/engine/torch/addon.js";

interface Call {
  readonly kernel: NativeKernel;
  readonly values: NativeArgument[];
  readonly results: readonly Handle[];
}

const rawsOf = (result: RawTensor | readonly RawTensor[]) =>
  (Array.isArray(result[0]) ? result : [result]) as readonly RawTensor[];

/** Functions of the addon that are no kernels; what they do is not part of a recording. */
const plain = new Set(["setThreads", "memory", "trim", "write", "read", "readLater", "assign"]);

/**
 * Stands in for an addon on a GPU, on this CPU: a recording is the list of the kernel calls, each replay calls them again
 * and writes their results over the former ones. As in a CUDA graph, values from JavaScript stay what they were.
 */
export function replayingAddon(addon: Addon): Addon {
  const recordings = new Map<number, readonly Call[]>();
  const freed: Handle[] = [];
  let log: Call[] | undefined;
  const stands: Partial<Addon> = {
    about: () => ({ ...addon.about(), device: "cuda:0", cudaDevices: 1, graphs: true }),
    setDevice: () => undefined,
    recordBegin: () => {
      log = [];
    },
    recordEnd: () => {
      recordings.set(recordings.size + 1, log ?? []);
      log = undefined;
      return recordings.size;
    },
    recordCancel: () => {
      log = undefined;
    },
    replay: (number) => {
      for (const { kernel, values, results } of recordings.get(number) ?? []) {
        for (const [i, [handle]] of rawsOf(kernel(...values)).entries()) {
          addon.assign(results[i] as Handle, handle);
          addon.dispose(handle);
        }
      }
    },
    forget: () => {
      for (const handle of freed.splice(0)) addon.dispose(handle);
    },
    dispose: (handle) => {
      if (log)
        freed.push(handle); // a graph keeps the memory of what its step has freed
      else addon.dispose(handle);
    },
  };
  return new Proxy(addon, {
    get(target, name: string) {
      const own = stands[name] ?? target[name];
      if (!log || name in stands || plain.has(name)) return own;
      return (...values: NativeArgument[]) => {
        const result = (own as NativeKernel)(...values);
        log?.push({ kernel: own as NativeKernel, values, results: rawsOf(result).map(([handle]) => handle) });
        return result;
      };
    },
  });
}
