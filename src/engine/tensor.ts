/**
 * The one door to TensorFlow.js: every other file takes tensors and operations from here, so that the whole house
 * shares one tfjs instance with its gradients and chained operations (tfjs-core alone has neither in Node).
 */
export * from "@tensorflow/tfjs";
