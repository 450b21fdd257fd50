import { ntXent, sgd, tf } from "kontrast";
import type { Case, Prepared } from "../case.js";
import { deviceDone, operation } from "../operation.js";
import { waves } from "../waves.js";

/** Shape and filters of a convolution. */
interface ConvolutionParams {
  readonly images: number;
  readonly extent: number;
  readonly channels: number;
  readonly filters: number;
  readonly size: number;
}

/** Sum of two small tensors, from the call to the handle of the result; results are let go of outside the time. */
const add: Case<{ size: number }> = async ({ size }) => {
  const [a, b] = [waves([size], 0.7), waves([size], 0.3)];
  const kept: tf.Tensor[] = new Array(1000);
  const check = Number((await tf.tidy(() => tf.add(a, b).square().mean()).data())[0]);
  return {
    check,
    async run(calls) {
      let milliseconds = 0;
      for (let done = 0; done < calls; done += kept.length) {
        const count = Math.min(kept.length, calls - done);
        const start = performance.now();
        for (let index = 0; index < count; index++) kept[index] = tf.add(a, b);
        milliseconds += performance.now() - start;
        tf.dispose(kept.slice(0, count));
      }
      await deviceDone();
      return milliseconds / 1000;
    },
    async release() {
      tf.dispose([a, b]);
    },
  };
};

const matmul: Case<{ size: number }> = ({ size }) => {
  const [a, b] = [waves([size, size], 0.7) as tf.Tensor2D, waves([size, size], 0.3) as tf.Tensor2D];
  return operation(() => tf.matMul(a, b), { inputs: [a, b] });
};

/** NT-Xent of two views and its gradients by both. */
const ntXentGradients: Case<{ count: number; dimensions: number; temperature: number }> = async (params) => {
  const { count, dimensions, temperature } = params;
  const unit = (step: number) =>
    tf.tidy(() => {
      const z = waves([count, dimensions], step);
      return z.div<tf.Tensor2D>(z.norm(2, 1, true));
    });
  const [z1, z2] = [unit(0.7), unit(0.3)];
  const valueAndGrads = tf.valueAndGrads((a, b) => ntXent.ofViews(a as tf.Tensor2D, b as tf.Tensor2D, { temperature }));
  const call = () => {
    const { value, grads } = valueAndGrads([z1, z2]);
    return [value, ...grads];
  };
  return operation(call, { inputs: [z1, z2] });
};

const convolution: Case<ConvolutionParams> = (params) => {
  const { x, filters } = convolutionInputs(params);
  return operation(() => tf.conv2d(x, filters, 1, "same"), { inputs: [x, filters] });
};

/** The result and the gradients by images and filters. */
const convolutionGradients: Case<ConvolutionParams> = (params) => {
  const { x, filters, dy } = convolutionInputs(params);
  const convolve = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same");
  const gradients = tf.grads(convolve);
  return operation(() => gradients([x, filters], dy), {
    inputs: [x, filters, dy],
    checked: ([, by]) => by as tf.Tensor,
  });
};

function convolutionInputs({ images, extent, channels, filters, size }: ConvolutionParams) {
  return {
    x: waves([images, extent, extent, channels], 0.7) as tf.Tensor4D,
    filters: waves([size, size, channels, filters], 0.3) as tf.Tensor4D,
    dy: waves([images, extent, extent, filters], 0.2),
  };
}

/** Batch normalization with the statistics of the batch, and its gradients by images, scale and offset. */
const batchNormGradients: Case<{ images: number; extent: number; channels: number }> = (params) => {
  const { images, extent, channels } = params;
  const shape = [images, extent, extent, channels];
  const inputs = [waves(shape, 0.7), waves([channels], 0.3), waves([channels], 0.2)];
  const dy = waves(shape, 0.1);
  const normalize = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => {
    return runKernel("BatchNormTraining", { x, scale, offset }, { epsilon: 1e-5, relu: false });
  };
  const gradients = tf.grads(normalize);
  return operation(() => gradients(inputs, dy), { inputs: [...inputs, dy] });
};

/**
 * Cross-entropy of the softmax of logits with one class per row, and its gradient: by the engine's kernel, which the
 * objectives and the linear probe use, or else by tfjs's operations.
 */
const crossEntropyGradient: Case<{ rows: number; classes: number }> = ({ rows, classes }) => {
  const logits = waves([rows, classes], 0.7);
  const target = tf.tidy(() => tf.range(0, rows, 1, "int32").mod(tf.scalar(classes, "int32")));
  const oneHot = tf.tidy(() => tf.oneHot(target, classes).toFloat());
  const asKernel = tf.getKernel("SoftmaxCrossEntropy", tf.getBackend()) !== undefined;
  const composed = (x: tf.Tensor) => tf.losses.softmaxCrossEntropy(oneHot, x);
  const loss = (x: tf.Tensor) =>
    asKernel ? runKernel("SoftmaxCrossEntropy", { logits: x, target }, { temperature: 1 }) : composed(x);
  const valueAndGrad = tf.valueAndGrad((x) => loss(x) as tf.Scalar);
  const call = () => {
    const { value, grad } = valueAndGrad(logits);
    return [value, grad];
  };
  return operation(call, { inputs: [logits, target, oneHot] });
};

/** The first result of a kernel by its name. */
function runKernel(name: string, inputs: Record<string, tf.Tensor>, attributes: tf.NamedAttrMap): tf.Tensor {
  const made: unknown = tf.engine().runKernel(name, inputs as unknown as tf.NamedTensorMap, attributes);
  return (made as tf.Tensor[])[0] as tf.Tensor;
}

/** One update of all variables by stochastic gradient descent with momentum and weight decay. */
const sgdUpdate: Case<{ shapes: readonly (readonly number[])[] }> = async ({ shapes }) => {
  const variables = shapes.map((shape) => tf.tidy(() => tf.variable(waves(shape, 0.7))));
  const gradients = Object.fromEntries(variables.map((weight) => [weight.name, waves(weight.shape, 0.3)]));
  const optimizer = sgd(variables, { momentum: 0.9, weightDecay: 5e-4, decay: "all" });
  const prepared: Prepared = await operation(
    () => {
      optimizer.update(gradients, 1e-6);
      return [];
    },
    { inputs: Object.values(gradients), checked: () => variables[0] as tf.Tensor },
  );
  return {
    ...prepared,
    async release() {
      await prepared.release();
      optimizer.dispose();
      tf.dispose(variables);
    },
  };
};

/** Copies a tensor to the host. */
const readBack: Case<{ size: number }> = async ({ size }) => {
  const x = waves([size], 0.7);
  const prepared = await operation(() => [], { inputs: [x], checked: () => x });
  return {
    ...prepared,
    async run(calls) {
      await deviceDone();
      const start = performance.now();
      for (let index = 0; index < calls; index++) await x.data();
      return (performance.now() - start) / 1000;
    },
  };
};

/** Sum over all axes but the channels. */
const channelSum: Case<{ images: number; extent: number; channels: number }> = (params) => {
  const { images, extent, channels } = params;
  const x = waves([images, extent, extent, channels], 0.7);
  return operation(() => x.sum([0, 1, 2]), { inputs: [x] });
};

/** Single operations, by name; peers/operations.py has the same. */
export const operations = {
  add,
  matmul,
  ntXentGradients,
  convolution,
  convolutionGradients,
  batchNormGradients,
  crossEntropyGradient,
  sgdUpdate,
  readBack,
  channelSum,
};
