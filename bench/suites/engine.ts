import type { Group, Row, Suite, Unit } from "../suite.js";

/** The operations that training and evaluation spend their time in, each beside the same of the peer. */
export const engineSuite: Suite = ({ quick }) => {
  const activation = quick ? { images: 2, extent: 4, channels: 8 } : { images: 128, extent: 32, channels: 64 };
  const deep = quick ? { images: 2, extent: 2, channels: 8 } : { images: 128, extent: 8, channels: 256 };
  const [count, dimensions] = quick ? [8, 4] : [4096, 128];
  const size = quick ? 16 : 2048;
  const [rows, classes] = quick ? [8, 10] : [4096, 1000];
  const floats = quick ? 1024 : 2 ** 22;
  const shapes = quick ? [[3, 3, 3, 8], [8]] : resNet18Shapes();
  return [
    operation("ntXentGradients", `NT-Xent forward and backward, 2 × ${count} × ${dimensions}`, "ms", {
      params: { count, dimensions, temperature: 0.5 },
      target: 1,
    }),
    operation("add", "add of 4 elements, call to result handle", "µs", { params: { size: 4 }, most: 6 }),
    operation("matmul", `matmul ${size}³`, "ms", { params: { size }, target: 0.95 }),
    operation("convolution", `convolution forward, ${shapeOf(activation)}`, "ms", { params: convolution(activation) }),
    ...[activation, deep].map((shape) =>
      operation("convolutionGradients", `convolution forward and backward, ${shapeOf(shape)}`, "ms", {
        params: convolution(shape),
      }),
    ),
    operation("batchNormGradients", `batch norm forward and backward, ${shapeOf(activation)}`, "ms", {
      params: activation,
    }),
    operation("crossEntropyGradient", `softmax cross-entropy forward and backward, ${rows} × ${classes}`, "ms", {
      params: { rows, classes },
    }),
    operation("sgdUpdate", `SGD update of ${shapes.length} variables (ResNet-18)`, "ms", { params: { shapes } }),
    operation("channelSum", `sum to channels, ${shapeOf(activation)}`, "ms", { params: activation }),
    operation("readBack", `read back ${(floats * 4) / 2 ** 20} MiB`, "ms", { params: { size: floats } }),
  ];
};

/** Images, their height and width, and channels. */
interface Shape {
  readonly images: number;
  readonly extent: number;
  readonly channels: number;
}

function shapeOf({ images, extent, channels }: Shape): string {
  return `${images} × ${extent} × ${extent} × ${channels}`;
}

/** 3×3, to as many channels. */
function convolution(shape: Shape) {
  return { ...shape, filters: shape.channels, size: 3 };
}

function operation(
  name: string,
  title: string,
  unit: Unit,
  { params, ...wanted }: { params: Readonly<Record<string, unknown>> } & Pick<Row, "target" | "most">,
): Group {
  return {
    sides: { ours: { lane: "ours", case: name, params }, peer: { lane: "peer", case: name, params } },
    rows: [{ name: title, unit, ours: "ours", peer: "peer", ...wanted }],
    measures: "time",
  };
}

/** Kernels, scales and offsets of ResNet-18 (He et al. 2016, arXiv:1512.03385, Table 1), 3×3 stem, no classifier. */
function resNet18Shapes(): number[][] {
  const normalized = (size: number, inputs: number, outputs: number) => [
    [size, size, inputs, outputs],
    [outputs],
    [outputs],
  ];
  const shapes = normalized(3, 3, 64);
  let inputs = 64;
  for (const outputs of [64, 128, 256, 512]) {
    shapes.push(...normalized(3, inputs, outputs), ...normalized(3, outputs, outputs));
    if (inputs !== outputs) shapes.push(...normalized(1, inputs, outputs));
    shapes.push(...normalized(3, outputs, outputs), ...normalized(3, outputs, outputs));
    inputs = outputs;
  }
  return shapes;
}
