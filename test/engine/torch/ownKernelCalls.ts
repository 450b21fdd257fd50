import type { Call, Input } from "./kernelCalls.js";

const f = (...shape: number[]): Input => ({ shape, dtype: "float32" });

/** A right call of each of Kontrast's own kernels, see engine/fused. */
export const ownKernelCalls: Readonly<Record<string, Call>> = {
  BatchNormTraining: [
    { x: f(2, 4, 3), scale: f(3), offset: f(3) },
    { epsilon: 0.001, relu: true },
  ],
  BatchNormAddTraining: [
    { x: f(2, 4, 3), scale: f(3), offset: f(3), residual: f(2, 4, 3) },
    { epsilon: 0.001, relu: true },
  ],
  BatchNormTrainingGrad: [
    { dy: f(2, 4, 3), x: f(2, 4, 3), scale: f(3), offset: f(3), mean: f(3), variance: f(3) },
    { epsilon: 0.001, relu: true },
  ],
  BatchNormAddTrainingGrad: [
    { dy: f(2, 4, 3), x: f(2, 4, 3), y: f(2, 4, 3), scale: f(3), offset: f(3), mean: f(3), variance: f(3) },
    { epsilon: 0.001, relu: true },
  ],
  ColorJitter: [
    { images: f(2, 3, 3, 3) },
    { factors: new Float32Array(8).fill(0.5), orders: Int32Array.of(0, 1, 2, 3, 3, 2, 1, -1) },
  ],
  FlipImages: [{ images: f(2, 2, 3, 1) }, { flipped: Uint8Array.of(1, 0), axis: 2 }],
  GaussianBlur: [{ images: f(2, 4, 5, 3) }, { weights: Float32Array.of(0.2, 0.6, 0.2, 0, 1, 0), taps: 3 }],
  ImagesOfBytes: [{}, { bytes: new Uint8Array(24).fill(9), positions: Int32Array.of(1, 0), shape: [2, 2, 3] }],
  MoveTowards: [{ target0: f(2, 3), source0: f(2, 3), target1: f(4), source1: f(4) }, { momentum: 0.9 }],
  NtXent: [{ z: f(4, 3) }, { temperature: 0.5 }],
  NtXentGrad: [{ dy: f(), z: f(4, 3), rows: f(2, 4) }, { temperature: 0.5 }],
  ReluGrad: [{ dy: f(2, 3), y: f(2, 3) }],
  ResizedCrop: [
    { images: f(2, 4, 5, 3) },
    { boxes: Int32Array.of(0, 0, 2, 3, 1, 1, 3, 4), size: [2, 2], antialias: true },
  ],
  SgdUpdate: [
    { weight0: f(2, 3), velocity0: f(2, 3), gradient0: f(2, 3) },
    { decays: [0.1], learningRate: 0.1, momentum: 0.9 },
  ],
  SoftmaxCrossEntropy: [{ logits: f(2, 3), target: f(2, 3) }, { temperature: 1 }],
  SoftmaxCrossEntropyGrad: [{ dy: f(), logits: f(2, 3), target: f(2, 3), rows: f(4, 2) }, { temperature: 1 }],
};
