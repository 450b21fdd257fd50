import type { Group, Side, Suite } from "../suite.js";

/** What a training step works on. */
interface Step {
  readonly encoder: "smallResNet" | "resNet18";
  readonly batchSize: number;
  readonly extent: number;
}

/** Whole training steps, their memory, and training from data to optimizer. */
export const trainSuite: Suite = ({ quick }) => {
  const extent = quick ? 8 : 32;
  const small: Step = { encoder: "smallResNet", batchSize: quick ? 4 : 256, extent };
  const named = `small ResNet, SimCLR step, batch ${small.batchSize} × 2 views`;
  return [steps(small, named), onWasm(small, named), dataToOptimizer(quick)];
};

function steps(step: Step, name: string): Group {
  return {
    sides: { ours: side("ours", step, "float32"), peer: side("peer", step, "float32") },
    rows: [{ name: `${name}, float32`, unit: "ms", ours: "ours", peer: "peer", target: 1.1 }],
    measures: "time",
  };
}

/** How far the engine that is always there is from the one in use. */
function onWasm(step: Step, name: string): Group {
  return {
    sides: { wasm: side("wasm", step, "float32"), engine: side("ours", step, "float32") },
    rows: [{ name: `${name}, float32, on wasm`, unit: "ms", ours: "wasm", peer: "engine" }],
    measures: "time",
  };
}

function dataToOptimizer(quick: boolean): Group {
  const [items, batchSize, count] = quick ? [32, 8, 2] : [4096, 256, 24];
  const params = { items, batchSize, steps: count };
  return {
    sides: {
      ours: { lane: "ours", case: "dataToOptimizer", params },
      peer: { lane: "peer", case: "dataToOptimizer", params },
    },
    rows: [
      {
        name: `small ResNet, SimCLR from data to optimizer, batch ${batchSize} × 2 views, float32`,
        unit: "images/s",
        images: batchSize * count,
        ours: "ours",
        peer: "peer",
        peerNote: "torchvision, 2 workers",
        target: 1,
      },
    ],
    measures: "time",
  };
}

function side(lane: Side["lane"], step: Step, precision: "float32" | "bfloat16"): Side {
  return { lane, case: "simclrStep", params: { ...step, precision } };
}
