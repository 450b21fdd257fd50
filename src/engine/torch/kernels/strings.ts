import { shared } from "@tensorflow/tfjs-backend-cpu";
import {
  backend_util,
  type KernelConfig,
  type StaticRegexReplaceAttrs,
  type StringNGramsAttrs,
  type StringSplitAttrs,
  type StringToHashBucketFastAttrs,
  util,
} from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

/** Kernels that compute with strings, by the functions that TensorFlow.js publishes for such use; all in JavaScript. */
export const strings: KernelConfig[] = [
  kernel<Inputs<"x">, StaticRegexReplaceAttrs>("StaticRegexReplace", ({ torch, inputs: { x }, attrs }) => {
    const texts = backend_util.fromUint8ToStringArray(torch.strings("StaticRegexReplace", x));
    const replaced = shared.staticRegexReplaceImpl(texts as never, "string", attrs as never) as unknown as string[];
    return torch.make(backend_util.fromStringArrayToUint8(replaced), x.shape, "string");
  }),
  kernel<Inputs<"data" | "dataSplits">, StringNGramsAttrs>("StringNGrams", ({ torch, inputs, attrs }) => {
    const { separator, nGramWidths, leftPad, rightPad, padWidth, preserveShortSequences } = attrs;
    const [nGrams, splits] = shared.stringNGramsImpl(
      torch.strings("StringNGrams", inputs.data),
      torch.readSync(inputs.dataSplits.dataId) as Int32Array,
      separator,
      nGramWidths,
      leftPad,
      rightPad,
      padWidth,
      preserveShortSequences,
    );
    return [torch.make(nGrams, [nGrams.length], "string"), torch.make(splits, inputs.dataSplits.shape, "int32")];
  }),
  kernel<Inputs<"input" | "delimiter">, StringSplitAttrs>("StringSplit", ({ torch, inputs, attrs }) => {
    const { input, delimiter } = inputs;
    util.assert(input.shape.length === 1, () => `StringSplit: the input must be a vector, got [${input.shape}]`);
    const [separator] = torch.strings("StringSplit", delimiter);
    if (!separator || delimiter.shape.length > 0)
      throw new Error(`StringSplit: the delimiter must be a scalar, got [${delimiter.shape}]`);
    const [indices, values, shape] = shared.stringSplitImpl(
      torch.strings("StringSplit", input),
      separator,
      attrs.skipEmpty,
    );
    return [
      torch.make(indices, [values.length, 2], "int32"),
      torch.make(values, [values.length], "string"),
      torch.make(Int32Array.from(shape), [2], "int32"),
    ];
  }),
  kernel<Inputs<"input">, StringToHashBucketFastAttrs>("StringToHashBucketFast", ({ torch, inputs, attrs }) => {
    const { numBuckets } = attrs;
    util.assert(numBuckets > 0, () => `StringToHashBucketFast: the number of buckets must be > 0, got ${numBuckets}`);
    const buckets = shared.stringToHashBucketFastImpl(
      torch.strings("StringToHashBucketFast", inputs.input),
      numBuckets,
    );
    return torch.make(buckets, inputs.input.shape, "int32");
  }),
];
