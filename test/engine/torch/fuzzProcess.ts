import { writeSync } from "node:fs";
import fc from "fast-check";
import { type DataType, getKernelsForBackend, tidy } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { type Attributes, type Call, callOf, type Input, type Inputs } from "./kernelCalls.js";
import { runCall } from "./runCall.js";

// Calls every kernel many times with a right call of which some parts are changed at random. Each call must return or
// throw an Error; the last line on stdout names the call that ended the process.
const [seed, runs, only] = process.argv.slice(2);

type Generate = fc.GeneratorValue;
const oneOf =
  <T>(...values: readonly T[]) =>
  (generate: Generate): T =>
    values[generate(fc.nat, { max: values.length - 1 })] as T;
const chance = (generate: Generate, percent: number) => generate(fc.integer, { min: 0, max: 99 }) < percent;

const dtypes: readonly DataType[] = ["float32", "int32", "bool", "complex64", "string"];
const extents = oneOf(0, 1, 2, 3, 4, 7);
const entries = oneOf(0, -1, 1, 3, 7, 1000, -(2 ** 31)); // more would be taken for a size: gigabytes, as asked for
const numbers = oneOf(0, -1, 1, 2, 3, 7, 0.5, 1000, 2 ** 45, -(2 ** 31), Number.NaN, Number.POSITIVE_INFINITY);
const junk = oneOf<unknown>(undefined, null, "nonsense", true, -3, 5, [], [1, 2], {});

function changedShape(generate: Generate, shape: readonly number[]): number[] {
  const at = generate(fc.nat, { max: shape.length });
  const changed = [...shape];
  const kind = oneOf("replace", "replace", "drop", "add", "any")(generate);
  if (kind === "any") return generate(fc.array<number>, fc.constantFrom(0, 1, 2, 3), { maxLength: 6 });
  if (kind === "add") changed.splice(at, 0, extents(generate));
  else if (shape.length > 0) changed.splice(at % shape.length, 1, ...(kind === "drop" ? [] : [extents(generate)]));
  return changed;
}

function changedInput(generate: Generate, input: Input): Input {
  const shape = chance(generate, 15) ? changedShape(generate, input.shape) : input.shape;
  const dtype = chance(generate, 6) ? oneOf(...dtypes)(generate) : input.dtype;
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (dtype === "string") return { shape, dtype, values: new Array(size).fill("a b") };
  const given = (input.dtype === "string" ? undefined : input.values) as readonly number[] | undefined;
  const keep = given?.length === size && !chance(generate, 30);
  if (!keep && !given && !chance(generate, 15)) return { shape, dtype };
  const values = keep ? [...given] : Array.from({ length: size }, (_, i) => given?.[i] ?? (i % 3) - (i % 2));
  const wild = dtype === "float32" || dtype === "complex64" ? numbers : entries;
  if (values.length > 0 && !keep) values[generate(fc.nat, { max: values.length - 1 })] = wild(generate);
  return { shape, dtype, values: dtype === "int32" ? values.map((value) => value | 0) : values };
}

function changedAttribute(generate: Generate, value: unknown): unknown {
  if (chance(generate, 88)) return value;
  if (chance(generate, 10)) return junk(generate);
  if (typeof value === "number") return numbers(generate);
  if (typeof value === "boolean") return !value;
  if (!Array.isArray(value)) return junk(generate);
  const at = generate(fc.nat, { max: value.length });
  const changed = [...value];
  if (at === value.length) return chance(generate, 50) ? [...changed, 1] : changed.slice(1);
  changed[at] = Array.isArray(value[at]) ? changedAttribute(generate, value[at]) : numbers(generate);
  return changed;
}

function changedCall(generate: Generate, [inputs, attributes = {}]: Call): readonly [Inputs | Input[], Attributes] {
  const change = (input: Input | readonly Input[]) =>
    Array.isArray(input) ? input.map((x) => changedInput(generate, x)) : changedInput(generate, input as Input);
  const changed = Array.isArray(inputs)
    ? (inputs.filter(() => !chance(generate, 5)).map(change) as Input[])
    : Object.fromEntries(
        Object.entries(inputs as Inputs)
          .filter(() => !chance(generate, 3))
          .map(([name, x]) => [name, change(x)]),
      );
  const attrs = Object.entries(attributes).map(([name, value]) => [name, changedAttribute(generate, value)]);
  return [changed, Object.fromEntries(attrs)];
}

await start();
for (const { kernelName } of getKernelsForBackend("torch")) {
  if (only && only !== kernelName) continue;
  try {
    if (kernelName !== "Draw") tidy(() => runCall(kernelName, callOf(kernelName))); // which needs a canvas
  } catch (error) {
    writeSync(1, `the right call threw: ${error}\n`);
  }
  const property = fc.property(fc.gen(), (generate) => {
    const call = changedCall(generate, callOf(kernelName));
    writeSync(1, `${kernelName} ${JSON.stringify(call)}\n`);
    try {
      tidy(() => {
        for (const result of runCall(kernelName, call)) result.dataSync();
      });
    } catch (error) {
      if (!(error instanceof Error)) throw new Error(`${kernelName} threw what is no Error: ${error}`);
    }
  });
  fc.assert(property, { seed: Number(seed), numRuns: Number(runs), endOnFailure: true });
}
writeSync(1, "done\n");
