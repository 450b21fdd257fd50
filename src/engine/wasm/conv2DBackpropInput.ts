import { registerComposed } from "../registerComposed.js";
import {
  backend_util,
  Conv2DBackpropInput,
  type Conv2DBackpropInputAttrs,
  conv2d,
  pad,
  reshape,
  reverse,
  slice,
  type Tensor,
  type Tensor4D,
  transpose,
  unregisterKernel,
} from "../tensor.js";
import { surround } from "./surround.js";

interface Inputs {
  readonly dy: Tensor4D;
  readonly filter: Tensor4D;
}

/**
 * Gradient of a convolution by its input as one convolution of `dy`: of every `stride`-th tap for each of the
 * stride² phases of the input, which become channels and are then dealt to their pixels. Replaces the wasm kernel of
 * that name, a scalar loop about twelve times as slow.
 */
export function registerConv2DBackpropInput(): void {
  unregisterKernel(Conv2DBackpropInput, "wasm");
  registerComposed<Inputs, Conv2DBackpropInputAttrs>("wasm", Conv2DBackpropInput, ({ dy, filter }, attributes) => {
    const { strides, pad: padding, dataFormat, dimRoundingMode, inputShape } = attributes;
    if (dataFormat !== "NHWC") throw new Error(`Conv2DBackpropInput: dataFormat must be NHWC, got ${dataFormat}`);
    const info = backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, padding, dimRoundingMode);
    const rows = phases(info.inHeight, info.outHeight, info.filterHeight, info.strideHeight, info.padInfo.top);
    const columns = phases(info.inWidth, info.outWidth, info.filterWidth, info.strideWidth, info.padInfo.left);
    const [cut, zeros] = surround(dy, rows.around, columns.around);
    const phased = conv2d(cut, ofPhases(filter, rows, columns), 1, zeros);
    return dealOut(phased, rows, columns, inputShape);
  });
}

/** One axis. Input pixel stride · m + phase gets dy[m + ahead − t] · tap[phase + stride · t], of taps with zeros around. */
interface Phases {
  readonly stride: number;
  /** Taps per phase. */
  readonly taps: number;
  /** Zeros that make the filter stride · taps long. */
  readonly filling: [number, number];
  /** What `dy` needs before and after it. */
  readonly around: [number, number];
}

function phases(input: number, output: number, filter: number, stride: number, before: number): Phases {
  const ahead = Math.ceil(before / stride);
  const front = stride * ahead - before;
  const taps = Math.ceil((filter + front) / stride);
  const around: [number, number] = [taps - 1 - ahead, Math.ceil(input / stride) + ahead - output];
  return { stride, taps, filling: [front, stride * taps - filter - front], around };
}

/** The filter [height, width, in, out] as [taps, taps, out, phases · phases · in], mirrored. */
function ofPhases(filter: Tensor4D, rows: Phases, columns: Phases): Tensor4D {
  const [, , channels, outChannels] = filter.shape;
  const full = pad(filter, [rows.filling, columns.filling, [0, 0], [0, 0]]);
  const split: Tensor = reshape(full, [rows.taps, rows.stride, columns.taps, columns.stride, channels, outChannels]);
  const last = rows.stride * columns.stride * channels;
  return reshape(transpose(reverse(split, [0, 2]), [0, 2, 5, 1, 3, 4]), [rows.taps, columns.taps, outChannels, last]);
}

/** Phases [n, height, width, phases · phases · channels] to the pixels they stand for; what is beyond them is cut. */
function dealOut(phased: Tensor4D, rows: Phases, columns: Phases, shape: Tensor4D["shape"]): Tensor4D {
  const [n, height, width] = phased.shape;
  const channels = shape[3];
  const lines: Tensor4D = reshape(phased, [n * height, width, rows.stride, columns.stride * channels]);
  const dealt = rows.stride === 1 ? lines : transpose(lines, [0, 2, 1, 3]);
  const pixels: Tensor4D = reshape(dealt, [n, height * rows.stride, width * columns.stride, channels]);
  const exact = pixels.shape[1] === shape[1] && pixels.shape[2] === shape[2];
  return exact ? pixels : slice(pixels, [0, 0, 0, 0], shape);
}
