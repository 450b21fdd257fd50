import { requireThat } from "../check/index.js";
import { type DataType, engine, getBackend, keep, type Tensor, tidy, type Variable, zeros } from "./tensor.js";
import type { Recording, TorchBackend } from "./torch/backend.js";

/** A step that is recorded where the engine can, and else runs as it is. */
export interface Captured {
  /** The step's results for these inputs; the caller owns them. */
  (...inputs: readonly Tensor[]): Tensor[];
  /** Frees the recording and its memory. */
  dispose(): void;
}

/** Calls that run the step as it is, before it is recorded: libraries settle on their kernels in them. */
const warmUps = 2;

/**
 * Records a step of fixed shapes on a GPU and replays it with one call (a CUDA graph), so that JavaScript has nothing to
 * do while it runs; on other devices each call runs the step. The first two calls always do.
 *
 * The step must be a function of its inputs and of variables alone: numbers, and tensors made outside, are recorded as
 * they are at the third call. It must not read values back, and gradients do not flow through its results. Variables that
 * it assigns to are assigned at each call.
 *
 * @param step such as `(images) => { const { value, grads } = variableGrads(…); return [value, …] }`
 * @throws RangeError `capture: input 0 must be float32 [64, 32, 32, 3], as it was recorded, got float32 [32, 32, 32, 3]`
 * @throws Error `capture: the step cannot be recorded: <reason>`
 */
export function capture(step: (...inputs: readonly Tensor[]) => Tensor[]): Captured {
  let calls = 0;
  let recorded: RecordedStep | undefined;
  const run = (...inputs: readonly Tensor[]): Tensor[] => {
    const torch = recorder();
    if (!torch || calls++ < warmUps) return step(...inputs);
    recorded ??= record(torch, step, inputs);
    return replay(torch, recorded, inputs);
  };
  return Object.assign(run, {
    dispose() {
      if (recorded) forget(recorded);
      recorded = undefined;
      calls = 0;
    },
  });
}

/** A variable, the memory that stands for it in the recording, and its new value there, if the step assigns one. */
interface Stand {
  readonly variable: Variable;
  readonly buffer: Tensor;
  readonly next?: Tensor;
}

interface RecordedStep {
  readonly torch: TorchBackend;
  readonly recording: Recording;
  readonly inputs: readonly Tensor[];
  readonly stands: readonly Stand[];
  readonly outputs: readonly Tensor[];
}

function recorder(): TorchBackend | undefined {
  if (getBackend() !== "torch") return undefined;
  const torch = engine().backend as TorchBackend;
  return torch.canRecord() ? torch : undefined;
}

function record(torch: TorchBackend, step: (...inputs: readonly Tensor[]) => Tensor[], given: readonly Tensor[]) {
  const variables = Object.values(engine().state.registeredVariables);
  const inputs = given.map((input) => copied(torch, input));
  const buffers = variables.map((variable) => copied(torch, variable));
  const originals = variables.map((variable) => keep(variable.clone()));
  const restore = () => {
    for (const [i, variable] of variables.entries()) variable.assign(originals[i] as Tensor);
    for (const original of originals) original.dispose();
  };
  for (const [i, variable] of variables.entries()) variable.assign(buffers[i] as Tensor);
  try {
    const { result, recording } = torch.record(() => tidy(() => step(...inputs)));
    const outputs = result.map((output) => keep(output));
    const stands = variables.map((variable, i): Stand => {
      const buffer = buffers[i] as Tensor;
      return variable.dataId === buffer.dataId
        ? { variable, buffer }
        : { variable, buffer, next: keep(variable.clone()) };
    });
    restore();
    return { torch, recording, inputs, stands, outputs };
  } catch (cause) {
    restore();
    for (const tensor of [...inputs, ...buffers]) tensor.dispose();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`capture: the step cannot be recorded: ${reason}`, { cause });
  }
}

function replay(torch: TorchBackend, recorded: RecordedStep, given: readonly Tensor[]): Tensor[] {
  const { recording, inputs, stands, outputs } = recorded;
  requireThat(given.length === inputs.length, "capture", `expected ${inputs.length} inputs, got ${given.length}`);
  for (const [i, input] of inputs.entries()) {
    const other = given[i] as Tensor;
    const same = describe(input) === describe(other);
    requireThat(same, "capture", `input ${i} must be ${describe(input)}, as it was recorded, got ${describe(other)}`);
    torch.assign(input, other);
  }
  for (const { variable, buffer } of stands) torch.assign(buffer, variable);
  torch.replay(recording);
  for (const { variable, next } of stands) {
    if (!next) continue;
    const value = copied(torch, next);
    variable.assign(value);
    value.dispose();
  }
  return outputs.map((output) => fresh(torch, output));
}

function forget({ torch, recording, inputs, stands, outputs }: RecordedStep): void {
  torch.forget(recording);
  for (const tensor of [...inputs, ...outputs]) tensor.dispose();
  for (const { buffer, next } of stands) for (const tensor of next ? [buffer, next] : [buffer]) tensor.dispose();
}

/** The same values in memory of their own. */
function fresh(torch: TorchBackend, x: Tensor): Tensor {
  const copy = zeros(x.shape, x.dtype as DataType & "float32");
  torch.assign(copy, x);
  return copy;
}

/** As {@link fresh}, out of reach of tidy. */
function copied(torch: TorchBackend, x: Tensor): Tensor {
  return keep(fresh(torch, x));
}

function describe({ dtype, shape }: Tensor): string {
  return `${dtype} [${shape.join(", ")}]`;
}
