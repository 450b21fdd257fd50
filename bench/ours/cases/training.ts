import {
  fromArrays,
  type ImageArray,
  type Method,
  methods,
  policies,
  pretrain,
  resNet18,
  shapes,
  smallResNet,
  tf,
} from "kontrast";
import { type Case, Unsupported } from "../case.js";
import { waves } from "../waves.js";

/** Parameters of {@link simclrStep}. */
interface StepParams {
  readonly encoder: keyof typeof encoders;
  /** Items; the step works on two views of each. */
  readonly batchSize: number;
  /** Height and width of the images. */
  readonly extent: number;
  readonly precision: "float32" | "bfloat16";
}

const encoders = { smallResNet, resNet18 };

/** The same as in peers/training.py. */
const optimizer = { learningRate: 0.06, weightDecay: 5e-4, decay: "all" } as const;

/** One step of SimCLR, from views that are there to updated weights, and the loss read back. */
const simclrStep: Case<StepParams> = async ({ encoder: name, batchSize, extent, precision }) => {
  const encoder = encoders[name]({ imageShape: [extent, extent, 3], seed: 0 });
  const simclr = methods.simclr({ encoder, policies: [policies.none(), policies.none()] });
  const views = [0.7, 0.3].map((step) => tf.tidy(() => waves([batchSize, extent, extent, 3], step).add(1).div(2)));
  // The loop of training hands over views of a data set of one pixel each; the loss takes the fixed ones instead.
  const method: Method = { ...simclr, loss: (_, refs) => simclr.loss(views as tf.Tensor4D[], refs) };
  const endless = { steps: Number.MAX_SAFE_INTEGER, warmup: 0 };
  const steps = pretrain(method, onePixel(batchSize), { ...endless, batchSize, precision, ...optimizer });
  await orUnsupported(steps.next());
  return {
    check: encoder.trainableVariables().reduce((sum, { size }) => sum + size, 0),
    run: (calls) => secondsOf(steps, calls),
    async release() {
      await steps.return(undefined);
      tf.dispose(views);
      simclr.dispose();
      encoder.dispose();
    },
  };
};

/** SimCLR as users run it: batches, views, steps. One call is `steps` steps, after two that do not count. */
const dataToOptimizer: Case<{ items: number; batchSize: number; steps: number }> = async (params) => {
  const { items, batchSize, steps } = params;
  const dataset = shapes({ count: items, seed: 0 });
  const encoder = smallResNet({ imageShape: dataset.imageShape, seed: 0 });
  const method = methods.simclr({ encoder, policies: [policies.moco(), policies.moco()] });
  return {
    check: encoder.trainableVariables().reduce((sum, { size }) => sum + size, 0),
    async run(calls) {
      const training = pretrain(method, dataset, { steps: calls * steps + 2, batchSize, ...optimizer });
      await secondsOf(training, 2);
      const seconds = await secondsOf(training, calls * steps);
      await training.return(undefined);
      return seconds;
    },
    async release() {
      method.dispose();
      encoder.dispose();
    },
  };
};

/** An engine that lacks a precision says so by a RangeError that names it. */
async function orUnsupported(step: Promise<unknown>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (error instanceof RangeError && error.message.includes("bfloat16")) throw new Unsupported(error.message);
    throw error;
  }
}

async function secondsOf(steps: AsyncGenerator, count: number): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < count; index++) await steps.next();
  return (performance.now() - start) / 1000;
}

function onePixel(size: number): ImageArray {
  return fromArrays({ images: new Uint8Array(3 * size), imageShape: [1, 1, 3], labels: new Int32Array(size) });
}

/** Training, by name; peers/training.py has the same. */
export const training = { simclrStep, dataToOptimizer };
