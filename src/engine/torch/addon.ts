/** Owns one tensor of the native engine; made and read by the addon only. */
export type Handle = { readonly __handle: unique symbol };

/** What a function of the addon takes: numbers, flags, words, tensors, lists of these, and host data. */
export type NativeArgument =
  | number
  | boolean
  | string
  | undefined
  | Handle
  | readonly Handle[]
  | readonly number[]
  | NativeData;

/** Host data that the addon reads and writes without conversion: float32, int32, bool. */
export type NativeData = Float32Array | Int32Array | Uint8Array;

/** A tensor that a kernel made: handle, dtype code, shape. */
export type RawTensor = readonly [handle: Handle, dtype: number, ...shape: number[]];

/** A kernel of the addon (`KONTRAST_KERNEL` in native/src); errors name the kernel and the shapes it was given. */
export type NativeKernel = (...values: NativeArgument[]) => RawTensor | readonly RawTensor[];

/** Facts about the library that computes. */
export interface About {
  readonly version: string;
  /** Where new tensors live. */
  readonly device: string;
  /** GPUs that answer; 0 where libtorch is built without CUDA. */
  readonly cudaDevices: number;
  /** Whether steps can be recorded on them. */
  readonly graphs: boolean;
  readonly threads: number;
  /** File of the BLAS in use, `mkl`, or `built in`. */
  readonly blas: string;
  readonly oneDnn: boolean;
  /** Whether the processor has instructions for bfloat16. */
  readonly fastBfloat16: boolean;
}

/** Tensors in this process, those of its worker threads included; bytes that several tensors share count once. */
interface MemoryUse {
  readonly tensors: number;
  readonly bytes: number;
  /** Freed, and kept for the next tensors. */
  readonly pooled: number;
  /** Largest `bytes` so far. */
  readonly peak: number;
}

/** native/build/kontrast.node: one function per kernel, and these. */
export interface Addon {
  readonly about: () => About;
  readonly setThreads: (count: number) => void;
  /** Whether convolutions and dense layers compute in bfloat16, for this thread. */
  readonly setReducing: (on: boolean) => void;
  /** Puts new tensors onto `cpu`, `cuda` or `cuda:<number>`; only while no tensor is alive elsewhere. */
  readonly setDevice: (device: string) => void;
  /** Whether matrix products and convolutions on a GPU may round their operands to 10 bits (TensorFloat-32). */
  readonly setTf32: (allowed: boolean) => void;
  /** From here to `recordEnd` or `recordCancel` kernels are not run but recorded, as a CUDA graph. */
  readonly recordBegin: () => void;
  /** The number of the recording. */
  readonly recordEnd: () => number;
  readonly recordCancel: () => void;
  readonly replay: (recording: number) => void;
  readonly forget: (recording: number) => void;
  /** Writes values into the memory of another tensor of their shape and dtype. */
  readonly assign: (target: Handle, values: Handle) => void;
  /** For tests: on the CPU too, kernels take the paths that are meant for other devices. */
  readonly setComposed: (always: boolean) => void;
  /** Frees a tensor at once. */
  readonly dispose: (handle: Handle) => void;
  readonly memory: () => MemoryUse;
  /** Gives memory back to the system that no tensor asked for during so many seconds; 0 gives back all. */
  readonly trim: (seconds: number) => void;
  readonly write: (values: NativeData, shape: readonly number[], dtype: number) => RawTensor;
  readonly read: (handle: Handle) => NativeData;
  /** The same, copied by another thread. */
  readonly readLater: (handle: Handle) => Promise<NativeData>;
  readonly view: (handle: Handle, shape: readonly number[]) => RawTensor;
  readonly [kernel: string]: unknown;
}
