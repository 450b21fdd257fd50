import {
  type BackendValues,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  keep,
  type Tensor,
  type TensorInfo,
} from "../tensor.js";
import type { Addon, Handle, NativeArgument, NativeData, NativeKernel, RawTensor } from "./addon.js";
import { complexKernels } from "./complexKernels.js";

/** Codes of the dtypes in native/src/kernel.h. */
const dtypes = ["float32", "int32", "bool", "complex64"] as const;

/** The code of float32 stored as bfloat16. */
const reducedCode = 16;

/** What a kernel may be given: native arguments, with tensors in the place of their handles. */
export type KernelArgument = NativeArgument | TensorInfo | readonly TensorInfo[];

/** One data id: values that several tensors of different shapes may share. */
interface Stored {
  refCount: number;
  readonly dtype: DataType;
  /** The values under the shape they were made with, then under other shapes that were asked for. */
  views: { readonly shape: readonly number[]; readonly handle: Handle }[];
  /** Whether these float32 values are stored as bfloat16. */
  reduced?: boolean;
  /** Strings stay in JavaScript. */
  readonly strings?: Uint8Array[];
}

/** Bytes from which on a copy takes longer (0.3 ms) than to hand it to another thread and get an array for it. */
const largeRead = 2 ** 20;

/** What the backend says of its memory. */
interface TorchMemory {
  readonly unreliable: boolean;
  readonly numTensorsHeld: number;
  readonly numBytesHeld: number;
  readonly numBytesPooled: number;
  readonly numBytesPeak: number;
}

/** A step whose kernels were recorded. */
export interface Recording {
  readonly number: number;
  /** Tensors of others that its kernels read, so that their data stays. */
  readonly held: readonly Tensor[];
}

/** The tfjs backend `torch`: every tensor is a tensor of libtorch, freed when tfjs disposes of it. */
export class TorchBackend extends KernelBackend {
  private readonly addon: Addon;
  private readonly stored: DataStorage<Stored>;
  private readonly readLaterFrom: number;
  /** While a step is recorded: the data it made, and the data of others that it read. */
  private recording: { readonly made: Set<object>; readonly held: Map<object, Tensor> } | undefined;

  #reducing = false;

  constructor(addon: Addon) {
    super();
    this.addon = addon;
    this.readLaterFrom = addon.about().device === "cpu" ? largeRead : 0; // elsewhere even a small read waits
    this.stored = new DataStorage<Stored>(this, engine());
  }

  /** Whether convolutions and dense layers compute in bfloat16; default `false`. */
  get reducing(): boolean {
    return this.#reducing;
  }

  set reducing(on: boolean) {
    this.#reducing = on;
    this.addon.setReducing(on);
  }

  /** Stores a tensor as float32 from now on, if it is stored as bfloat16. */
  widen({ dataId }: Tensor): void {
    const stored = this.stored.get(dataId);
    const [first] = stored.views;
    if (!stored.reduced || !first) return;
    const [handle] = (this.addon["Widen"] as NativeKernel)(first.handle) as RawTensor;
    for (const view of stored.views) this.addon.dispose(view.handle);
    stored.views = [{ shape: first.shape, handle }];
    stored.reduced = false;
  }

  /** Calls a kernel of the addon that makes one tensor. */
  call(name: string, ...values: readonly KernelArgument[]): TensorInfo {
    return this.adopt(this.invoke(name, values) as RawTensor);
  }

  /** Calls a kernel of the addon that makes several tensors. */
  callMany(name: string, ...values: readonly KernelArgument[]): TensorInfo[] {
    return (this.invoke(name, values) as readonly RawTensor[]).map((raw) => this.adopt(raw));
  }

  /** Whether {@link record} works here: on a GPU, in a build that found CUDA's headers. */
  canRecord(): boolean {
    const { device, graphs } = this.addon.about();
    return graphs && device !== "cpu";
  }

  /**
   * Records the kernels that a step calls, without running them. What the step reads of others is held until
   * {@link forget}; its own tensors keep their memory, which each {@link replay} writes anew.
   *
   * @throws Error what the step throws; nothing is recorded then
   */
  record<T>(step: () => T): { result: T; recording: Recording } {
    const held = new Map<object, Tensor>();
    this.addon.recordBegin();
    this.recording = { made: new Set(), held };
    try {
      const result = step();
      return { result, recording: { number: this.addon.recordEnd(), held: [...held.values()] } };
    } catch (error) {
      this.addon.recordCancel();
      for (const tensor of held.values()) tensor.dispose();
      throw error;
    } finally {
      this.recording = undefined;
    }
  }

  replay({ number }: Recording): void {
    this.addon.replay(number);
  }

  forget({ number, held }: Recording): void {
    this.addon.forget(number);
    for (const tensor of held) tensor.dispose();
  }

  /** Writes values into the memory of another tensor of their shape and dtype: all who share it see them. */
  assign(target: TensorInfo, values: TensorInfo): void {
    this.addon.assign(this.handleOf("assign", target), this.handleOf("assign", values));
  }

  /** A tensor of values from JavaScript; strings as bytes. */
  make(values: BackendValues, shape: readonly number[], dtype: DataType): TensorInfo {
    return { dataId: this.write(values, [...shape], dtype), shape: [...shape], dtype };
  }

  /** The same values under another shape, without a copy. */
  share(x: TensorInfo, shape: readonly number[]): TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape: [...shape], dtype: x.dtype };
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(dataId: object, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    if (dtype === "string") {
      this.stored.set(dataId, { refCount, dtype, views: [], strings: values as Uint8Array[] });
      return;
    }
    const [handle] = this.addon.write(values as NativeData, shape, codeOf(dtype));
    this.stored.set(dataId, { refCount, dtype, views: [{ shape: [...shape], handle }] });
    this.recording?.made.add(dataId);
  }

  override readSync(dataId: object): BackendValues {
    const { strings, views } = this.stored.get(dataId);
    const [first] = views;
    if (first) return this.addon.read(first.handle);
    return strings ?? [];
  }

  /** Never blocks longer than a copy takes; errors say `read: …`. */
  override async read(dataId: object): Promise<BackendValues> {
    const [first] = this.stored.get(dataId).views;
    if (!first || bytesOf(first.shape) < this.readLaterFrom) return this.readSync(dataId);
    return this.addon.readLater(first.handle);
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.stored.has(dataId)) return true;
    const stored = this.stored.get(dataId);
    stored.refCount -= 1;
    if (!force && stored.refCount > 0) return false;
    for (const { handle } of stored.views) this.addon.dispose(handle);
    this.stored.delete(dataId);
    return true;
  }

  override refCount(dataId: object): number {
    return this.stored.has(dataId) ? this.stored.get(dataId).refCount : 0;
  }

  override incRef(dataId: object): void {
    this.stored.get(dataId).refCount += 1;
  }

  override numDataIds(): number {
    return this.stored.numDataIds();
  }

  /**
   * What `tf.memory()` adds to tfjs's own counts: bytes of this process, those that tensors share counted once. `Held`
   * belongs to tensors, `Pooled` waits for the next ones, `Peak` is the largest `Held` so far.
   */
  override memory(): TorchMemory {
    const { tensors, bytes, pooled, peak } = this.addon.memory();
    const counts = { numTensorsHeld: tensors, numBytesHeld: bytes, numBytesPooled: pooled, numBytesPeak: peak };
    return { unreliable: false, ...counts };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(run: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    run();
    return { kernelMs: performance.now() - start };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  /** tfjs removes the backend; tensors that are still alive go with their handles. */
  override dispose(): void {}

  private invoke(name: string, values: readonly KernelArgument[]): RawTensor | readonly RawTensor[] {
    const kernel = this.addon[name] as NativeKernel | undefined;
    if (!kernel) throw new Error(`${name}: the native engine is of another version; run npx kontrast setup`);
    return kernel(...values.map((value) => this.native(name, value)));
  }

  private native(kernel: string, value: KernelArgument): NativeArgument {
    if (isTensor(value)) return this.handleOf(kernel, value);
    if (Array.isArray(value) && isTensor(value[0])) return value.map((tensor) => this.handleOf(kernel, tensor));
    return value as NativeArgument;
  }

  private handleOf(kernel: string, { dataId, shape, dtype }: TensorInfo): Handle {
    if (dtype === "complex64" && !complexKernels.has(kernel)) throw new Error(`${kernel}: complex64 is not supported`);
    if (this.recording) this.hold({ dataId, shape, dtype });
    const { views } = this.stored.get(dataId);
    for (const view of views) if (sameShape(view.shape, shape)) return view.handle;
    const [first] = views;
    if (!first) throw new Error(`${kernel}: dtype ${dtype} is not supported`);
    const [handle] = this.addon.view(first.handle, shape);
    views.push({ shape: [...shape], handle });
    return handle;
  }

  private hold(x: TensorInfo): void {
    const { made, held } = this.recording ?? {};
    if (made?.has(x.dataId) || held?.has(x.dataId)) return;
    this.incRef(x.dataId);
    held?.set(x.dataId, keep(engine().makeTensorFromTensorInfo(x, this)));
  }

  private adopt(raw: RawTensor): TensorInfo {
    const [handle, code, ...shape] = raw;
    const reduced = code === reducedCode;
    const dtype = reduced ? "float32" : (dtypes[code] as DataType);
    const dataId = {};
    this.stored.set(dataId, { refCount: 1, dtype, views: [{ shape, handle }], reduced });
    this.recording?.made.add(dataId);
    return { dataId, shape, dtype };
  }
}

/** @throws Error `the torch engine does not compute with dtype string` */
export function codeOf(dtype: DataType): number {
  const code = dtypes.indexOf(dtype as (typeof dtypes)[number]);
  if (code < 0) throw new Error(`the torch engine does not compute with dtype ${dtype}`);
  return code;
}

function isTensor(value: unknown): value is TensorInfo {
  return typeof value === "object" && value !== null && "dataId" in value;
}

/** Four to a value, as most dtypes have. */
function bytesOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 4);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}
