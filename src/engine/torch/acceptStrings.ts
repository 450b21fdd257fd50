import type { KernelConfig, TensorInfo } from "../tensor.js";
import type { TorchBackend } from "./backend.js";

/** Kernels that move or compare values, and which of their results are strings where the inputs are. */
const stringResults: Readonly<Record<string, "all" | "first" | "none">> = {
  ...{ Concat: "all", Pack: "all", Unpack: "all", SplitV: "all", Tile: "all", Reverse: "all", Transpose: "all" },
  ...{ Slice: "all", StridedSlice: "all", GatherV2: "all", GatherNd: "all", Select: "all", MirrorPad: "all" },
  ...{ SparseToDense: "all", TensorScatterUpdate: "all", Unique: "first" },
  ...{ Equal: "none", NotEqual: "none", Greater: "none", GreaterEqual: "none", Less: "none", LessEqual: "none" },
};

/** Inputs that say where values go, not what they are. */
const positions = new Set(["indices", "sparseIndices", "condition"]);

/**
 * Lets a kernel that moves or compares values take strings: they stay in JavaScript, and the kernel is given their ranks
 * among the different strings of all inputs (int32), in the order of their bytes. Kernels that compute stay as they are.
 *
 * @throws Error `Concat: all values must be strings, got string, float32`
 */
export function acceptStrings(config: KernelConfig): KernelConfig {
  const { kernelName, kernelFunc } = config;
  const kind = stringResults[kernelName];
  if (!kind) return config;
  return {
    ...config,
    kernelFunc: (call) => {
      const inputs = call.inputs as Readonly<Record<string, TensorInfo>>;
      if (!hasStrings(inputs)) return kernelFunc(call);
      const torch = call.backend as TorchBackend;
      const { ranked, dictionary } = rankStrings(kernelName, torch, inputs);
      try {
        const raw = kernelFunc({ ...call, inputs: ranked });
        const outputs = Array.isArray(raw) ? raw : [raw];
        const ofStrings = kind === "all" ? outputs.length : kind === "first" ? 1 : 0;
        const results = outputs.map((output, i) => (i < ofStrings ? asStrings(torch, output, dictionary) : output));
        return Array.isArray(raw) ? results : (results[0] as TensorInfo);
      } finally {
        for (const [name, { dataId }] of Object.entries(ranked)) if (!positions.has(name)) torch.disposeData(dataId);
      }
    },
  };
}

function hasStrings(inputs: Readonly<Record<string, TensorInfo>>): boolean {
  for (const name in inputs) if (inputs[name]?.dtype === "string") return true;
  return false;
}

/** The inputs with ranks in the place of strings, and the string of every rank. */
function rankStrings(kernelName: string, torch: TorchBackend, inputs: Readonly<Record<string, TensorInfo>>) {
  const values = Object.entries(inputs).filter(([name]) => !positions.has(name));
  const dtypes = values.map(([, { dtype }]) => dtype);
  if (dtypes.some((dtype) => dtype !== "string"))
    throw new Error(`${kernelName}: all values must be strings, got ${dtypes.join(", ")}`);
  const keys = values.map(([, x]) => (torch.readSync(x.dataId) as Uint8Array[]).map(keyOf));
  const sorted = [...new Set(keys.flat())].sort();
  const ranks = new Map(sorted.map((key, rank) => [key, rank]));
  const ranked = { ...inputs };
  values.forEach(([name, { shape }], i) => {
    const codes = Int32Array.from(keys[i] ?? [], (key) => ranks.get(key) as number);
    ranked[name] = torch.make(codes, shape, "int32");
  });
  return { ranked, dictionary: sorted.map((key) => new Uint8Array(Buffer.from(key, "latin1"))) };
}

/** One character per byte: any bytes, UTF-8 or not, have a key of their own, and keys sort as the bytes do. */
function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function asStrings(torch: TorchBackend, ranks: TensorInfo, dictionary: readonly Uint8Array[]): TensorInfo {
  const codes = torch.readSync(ranks.dataId) as Int32Array;
  torch.disposeData(ranks.dataId);
  const strings = Array.from(codes, (code) => dictionary[code] as Uint8Array);
  return torch.make(strings, ranks.shape, "string");
}
