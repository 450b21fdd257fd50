import type { Group, Side, Suite } from "../suite.js";

/** What a training step works on. */
interface Step {
  readonly encoder: "smallResNet" | "resNet18";
  readonly batchSize: number;
  readonly extent: number;
}

/** Whole training steps and their memory. */
export const trainSuite: Suite = ({ quick }) => {
  const extent = quick ? 8 : 32;
  const large: Step = { encoder: "resNet18", batchSize: quick ? 2 : 64, extent };
  const small: Step = { encoder: "smallResNet", batchSize: quick ? 4 : 256, extent };
  const titleOf = (name: string, { batchSize }: Step) => `${name}, SimCLR step, batch ${batchSize} × 2 views`;
  const largeTitle = titleOf("ResNet-18 (3×3 stem)", large);
  const smallTitle = titleOf("small ResNet", small);
  return [
    steps(large, largeTitle, { float32: 1, bfloat16: 1.8, autocast: 1 }),
    steps(small, smallTitle, { float32: 1.1, bfloat16: 1.8 }),
    memory(large, largeTitle),
    onWasm(small, smallTitle),
  ];
};

/**
 * One step in both precisions.
 *
 * @param targets the least ratio of ours in float32 and in bfloat16 to the peer's float32, and of bfloat16 to bfloat16
 */
function steps(step: Step, title: string, targets: { float32: number; bfloat16: number; autocast?: number }): Group {
  const row = { unit: "ms", ours: "bfloat16" } as const;
  const name = `${title}, bfloat16`;
  const autocast = targets.autocast === undefined ? {} : { target: targets.autocast };
  return {
    sides: {
      float32: side("ours", step, "float32"),
      bfloat16: side("ours", step, "bfloat16"),
      peerFloat32: side("peer", step, "float32"),
      peerBfloat16: side("peer", step, "bfloat16"),
    },
    rows: [
      { name: `${title}, float32`, unit: "ms", ours: "float32", peer: "peerFloat32", target: targets.float32 },
      { ...row, name: `${name} beside float32`, peer: "peerFloat32", peerNote: "float32", target: targets.bfloat16 },
      { ...row, name: `${name} on both sides`, peer: "peerBfloat16", peerNote: "autocast bfloat16", ...autocast },
    ],
    measures: "time",
  };
}

/** Ours may be 1.1 times as much. */
function memory(step: Step, title: string): Group {
  return {
    sides: { ours: side("ours", step, "float32"), peer: side("peer", step, "float32") },
    rows: [{ name: `${title}, float32, peak memory`, unit: "MB", ours: "ours", peer: "peer", target: 1 / 1.1 }],
    measures: "memory",
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

function side(lane: Side["lane"], step: Step, precision: "float32" | "bfloat16"): Side {
  return { lane, case: "simclrStep", params: { ...step, precision }, inBfloat16: precision === "bfloat16" };
}
