import {
  batchOf,
  colorJitter,
  fromArrays,
  gaussianBlur,
  horizontalFlip,
  makeView,
  type Policy,
  policy,
  randomGrayscale,
  randomResizedCrop,
} from "kontrast";
import type { Case } from "../case.js";
import { deviceDone } from "../operation.js";

/** Parameters of the suite's cases. */
interface ViewsParams {
  readonly items: number;
  readonly batchSize: number;
  /** Batches in one call. */
  readonly steps: number;
  /** Height and width of the images, px. */
  readonly extent: number;
  readonly views: readonly {
    readonly size: number;
    readonly scale: readonly [number, number];
    readonly jitter: readonly [number, number, number, number];
    readonly blur: number;
  }[];
}

/** All views of each item, a batch at a time. One call is `steps` batches. */
const viewsOfBatches: Case<ViewsParams> = async ({ items, batchSize, steps, extent, views }) => {
  const noise = Uint8Array.from({ length: items * extent * extent * 3 }, (_, index) => (index * 7919) >>> 3);
  const imageShape = [extent, extent, 3] as const;
  const dataset = fromArrays({ images: noise, imageShape, labels: new Int32Array(items) });
  const policies = views.map(policyOf);
  let step = 0;
  return {
    check: views.reduce((sum, { size }) => sum + size * size * 3, 0) * batchSize,
    async run(calls) {
      await deviceDone();
      const start = performance.now();
      for (let done = 0; done < calls * steps; done++, step++) {
        const places = Array.from({ length: batchSize }, (_, index) => (step * batchSize + index) % items);
        const batch = batchOf(dataset, places);
        for (const [view, one] of policies.entries()) makeView(batch, one, { seed: 0, view, step }).images.dispose();
      }
      await deviceDone();
      return (performance.now() - start) / 1000;
    },
    async release() {},
  };
};

/** peers/views.py has the same. */
function policyOf({ size, scale, jitter, blur }: ViewsParams["views"][number]): Policy {
  const [brightness, contrast, saturation, hue] = jitter;
  return policy(
    "bench",
    randomResizedCrop({ size, scale }),
    horizontalFlip(),
    colorJitter({ brightness, contrast, saturation, hue }),
    randomGrayscale(),
    ...(blur > 0 ? [gaussianBlur({ probability: blur })] : []),
  );
}

/** Views, by name; peers/views.py has the same. */
export const views = { views: viewsOfBatches };
