import { requireInteger, requirePositive } from "../check/index.js";
import { crossEntropyWithSlope } from "../engine/fused/index.js";
import {
  concat,
  dispose,
  matMul,
  moments,
  ones,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from "../engine/tensor.js";
import { accuracyOf, classCount, type Labelled, type Split } from "./labelled.js";
import { lbfgs } from "./lbfgs.js";

export interface LinearProbeOptions {
  /** Weight of ½‖W‖² beside the summed cross-entropy, the inverse of scikit-learn's C; default 1. */
  readonly penalty?: number;
  /** Steps of the optimizer at most; default 200. */
  readonly iterations?: number;
}

export interface LinearProbeResult {
  /** Share of test rows whose class was found, in [0, 1]. */
  readonly accuracy: number;
  /** The same on the training rows. */
  readonly trainAccuracy: number;
  /** The class found for each test row. */
  readonly predictions: Int32Array;
  /** Steps the optimizer took. */
  readonly iterations: number;
}

/**
 * Multinomial logistic regression on frozen features, standardized with the mean and deviation of the training
 * rows; fitted with L-BFGS over all training rows, so the result depends on nothing but the features.
 *
 * @throws RangeError `linearProbe: train.labels must have one label per row, got 10 for 12`
 */
export async function linearProbe(split: Split, options: LinearProbeOptions = {}): Promise<LinearProbeResult> {
  const { penalty = 1, iterations = 200 } = options;
  requirePositive("linearProbe", "penalty", penalty);
  requireInteger("linearProbe", "iterations", iterations, 1);
  const classes = classCount("linearProbe", split);
  const { train, test } = split;
  const [inputs, testInputs] = standardized(train.features, test.features);
  try {
    const { weights, steps } = await fitted({ features: inputs, labels: train.labels }, classes, penalty, iterations);
    const [trainPredictions, predictions] = [inputs, testInputs].map((x) => predict(x, weights)) as [Tensor, Tensor];
    weights.dispose();
    const found = (await predictions.data()) as Int32Array;
    const trainAccuracy = accuracyOf(await trainPredictions.data(), train.labels);
    dispose([trainPredictions, predictions]);
    return { accuracy: accuracyOf(found, test.labels), trainAccuracy, predictions: found, iterations: steps };
  } finally {
    dispose([inputs, testInputs]);
  }
}

/** Both with the statistics of the first, and a column of ones for the bias: [n, dimensions + 1]. */
function standardized(train: Tensor2D, test: Tensor2D): [Tensor2D, Tensor2D] {
  return tidy(() => {
    const { mean, variance } = moments(train, 0);
    // A feature that never changes, up to rounding, stays zero.
    const constant = variance.lessEqual(mean.square().mul(1e-12)).toFloat();
    const inverse = variance.add(constant).rsqrt();
    const scale = (x: Tensor2D) => concat([x.sub(mean).mul(inverse) as Tensor2D, ones([x.shape[0], 1]) as Tensor2D], 1);
    return [scale(train), scale(test)];
  });
}

/** Weights [dimensions + 1, classes], the bias in the last row, which is not penalized. */
async function fitted({ features, labels }: Labelled, classes: number, penalty: number, iterations: number) {
  const [rows, columns] = features.shape;
  const size = columns * classes;
  const targets = tensor1d(Int32Array.from(labels), "int32");
  const transposed = features.transpose<Tensor2D>();
  const objective = async (at: Float64Array) => {
    const [loss, slopes] = tidy(() => {
      const logits: Tensor2D = matMul(features, tensor2d(Float32Array.from(at), [columns, classes]));
      const { losses, slope } = crossEntropyWithSlope(logits, targets);
      return [losses, matMul(transposed, slope)];
    });
    const [losses, gradients] = await Promise.all([loss.data(), slopes.data()]);
    dispose([loss, slopes]);
    let value = 0;
    for (const rowLoss of losses) value += rowLoss;
    const gradient = new Float64Array(size);
    for (let index = 0; index < size; index++) {
      const weight = index < size - classes ? (at[index] as number) : 0;
      value += (penalty / 2) * weight * weight;
      gradient[index] = ((gradients[index] as number) + penalty * weight) / rows;
    }
    return { value: value / rows, gradient };
  };
  const { at, iterations: steps } = await lbfgs(objective, new Float64Array(size), { iterations, tolerance: 1e-4 });
  dispose([targets, transposed]);
  return { weights: tensor2d(Float32Array.from(at), [columns, classes]), steps };
}

function predict(features: Tensor2D, weights: Tensor2D): Tensor {
  return tidy(() => matMul(features, weights).argMax(1));
}
