import {
  engine,
  getBackend,
  getKernelsForBackend,
  type KernelConfig,
  scalar,
  type Tensor,
  type TensorInfo,
  util,
} from "./tensor.js";

/** What was recorded of one kernel. */
export interface KernelRecord {
  readonly calls: number;
  /** Without that in kernels which it called. */
  readonly milliseconds: number;
  /** Of the tensors that it made. */
  readonly bytes: number;
}

/** What was recorded of a step. */
export interface StepRecord {
  readonly kernels: ReadonlyMap<string, KernelRecord>;
  readonly milliseconds: number;
  readonly peakBytes: number;
}

let recording = false;

/**
 * Runs a step with every kernel of the backend in use recorded; afterwards the kernels are as they were.
 *
 * tfjs's own `tf.profile` counts a kernel's time again in the kernel that calls it, misses where memory goes, and stays
 * switched on for good after an error.
 *
 * @param options.wait whether the device is waited for after each kernel, by reading back a number
 */
export async function recordKernels(step: () => unknown, options: { wait: boolean }): Promise<StepRecord> {
  if (recording) throw new Error("engine.profile: another profile is being taken; await it first");
  recording = true;
  const recorder = new Recorder();
  const marker = options.wait ? scalar(0) : undefined;
  const configs = getKernelsForBackend(getBackend());
  const originals = configs.map(({ kernelFunc }) => kernelFunc);
  try {
    for (const config of configs) record(config, recorder, marker);
    const start = performance.now();
    await step();
    marker?.dataSync();
    const milliseconds = performance.now() - start;
    return { kernels: recorder.kernels, milliseconds, peakBytes: recorder.peakBytes };
  } finally {
    for (const [index, config] of configs.entries()) config.kernelFunc = originals[index] as KernelConfig["kernelFunc"];
    marker?.dispose();
    recording = false;
  }
}

function record(config: KernelConfig, recorder: Recorder, marker: Tensor | undefined): void {
  const { kernelName, kernelFunc } = config;
  config.kernelFunc = (call) => {
    recorder.enter();
    let outputs: readonly TensorInfo[] = [];
    try {
      const made = kernelFunc(call);
      outputs = Array.isArray(made) ? made : [made];
      marker?.dataSync();
      return made;
    } finally {
      recorder.leave(kernelName, Object.values(call.inputs), outputs);
    }
  };
}

/** Adds up while kernels begin and end, one within the other. */
class Recorder {
  readonly kernels = new Map<string, { calls: number; milliseconds: number; bytes: number }>();
  peakBytes = heldBytes();
  /** Begin of each kernel that is under way, and the time of those that it called. */
  readonly #open: { readonly start: number; inner: number }[] = [];
  /** Memory that a kernel has been credited with, or that was there before. */
  readonly #known = new WeakSet<object>();

  enter(): void {
    this.#open.push({ start: performance.now(), inner: 0 });
  }

  leave(name: string, inputs: readonly (TensorInfo | undefined)[], outputs: readonly TensorInfo[]): void {
    const { start, inner } = this.#open.pop() as { start: number; inner: number };
    const whole = performance.now() - start;
    const caller = this.#open.at(-1);
    if (caller) caller.inner += whole;
    for (const input of inputs) if (input) this.#known.add(input.dataId);
    const bytes = outputs.reduce((sum, output) => sum + this.#newBytes(output), 0);
    this.peakBytes = Math.max(this.peakBytes, heldBytes() + bytes);
    const before = this.kernels.get(name) ?? { calls: 0, milliseconds: 0, bytes: 0 };
    this.kernels.set(name, {
      calls: before.calls + 1,
      milliseconds: before.milliseconds + whole - inner,
      bytes: before.bytes + bytes,
    });
  }

  #newBytes({ dataId, shape, dtype }: TensorInfo): number {
    if (this.#known.has(dataId) || dtype === "string") return 0; // nobody counts the bytes of strings
    this.#known.add(dataId);
    return util.sizeFromShape(shape) * util.bytesPerElement(dtype);
  }
}

/** Bytes of all tensors, as tfjs counts them: memory that several tensors share counts once. */
function heldBytes(): number {
  return engine().state.numBytes;
}
