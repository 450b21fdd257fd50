import type { Group, Row, Suite } from "../suite.js";
import { jpegShards } from "./jpegShards.js";

/** One view of each item: both sides make it of these numbers. */
interface View {
  /** Height and width, px. */
  readonly size: number;
  /** Least and largest share of the image's area. */
  readonly scale: readonly [number, number];
  /** Brightness, contrast, saturation, hue; with probability 0.8. */
  readonly jitter: readonly [number, number, number, number];
  /** Probability of the Gaussian blur. */
  readonly blur: number;
}

/**
 * From images to what trains on them: batches of views beside torchvision on images of Pillow in two workers, as views are
 * usually made; a training with its views; reading images.
 */
export const viewsSuite: Suite = ({ quick }) => {
  const simclr = (size: number, blur: number): View => ({
    size,
    scale: [0.08, 1],
    jitter: [0.4, 0.4, 0.4, 0.1],
    blur,
  });
  const swav = (size: number, scale: readonly [number, number]): View => ({
    size,
    scale,
    jitter: [0.8, 0.8, 0.8, 0.2],
    blur: 0.5,
  });
  const [small, large, local] = quick ? [8, 16, 7] : [32, 96, 41];
  const multiCrop = [
    ...Array.from({ length: 2 }, () => swav(large, [0.14, 1])),
    ...Array.from({ length: 6 }, () => swav(local, [0.05, 0.14])),
  ];
  return [
    group(`two SimCLR views, ${small} × ${small}`, small, [simclr(small, 0), simclr(small, 0)], quick, { target: 4 }),
    group(`two SimCLR views with blur, ${large} × ${large}`, large, [simclr(large, 0.5), simclr(large, 0.5)], quick, {
      target: 2,
    }),
    group(`SwAV's views, 2 of ${large} × ${large} and 6 of ${local} × ${local}`, large, multiCrop, quick, {}),
    dataToOptimizer(quick),
    jpegShards(quick),
  ];
};

function group(
  name: string,
  extent: number,
  views: readonly View[],
  quick: boolean,
  wanted: Pick<Row, "target">,
): Group {
  const [items, batchSize, steps] = quick ? [32, 8, 2] : [2048, 128, 4];
  const params = { items, batchSize, steps, extent, views };
  return {
    sides: { ours: { lane: "ours", case: "views", params }, peer: { lane: "peer", case: "views", params } },
    rows: [
      {
        name,
        unit: "images/s",
        images: batchSize * steps,
        ours: "ours",
        peer: "peer",
        peerNote: "torchvision, 2 workers",
        ...wanted,
      },
    ],
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
        target: 2.5,
      },
    ],
    measures: "time",
  };
}
