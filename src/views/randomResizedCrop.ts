import { type Random, requireInteger, requirePositive, requireThat } from "../check/index.js";
import type { Augmentation } from "./augmentation.js";
import { type Box, resizedCrop } from "./resizedCrop.js";

/**
 * Cuts out a random part of each image and resizes it bilinearly: torchvision's `RandomResizedCrop` on tensors. The
 * area is uniform in `scale`, the aspect ratio log-uniform in `ratio`; after ten draws that do not fit, the largest
 * box in the middle whose aspect ratio is allowed.
 *
 * @param options.size height and width of the result; default: those of the image
 * @param options.scale least and largest share of the area, in (0, 1]; default [0.08, 1]
 * @param options.ratio least and largest width / height; default [3/4, 4/3]
 * @throws RangeError such as `randomResizedCrop: scale must be ascending in (0, 1], got [0.2, 2]`
 */
export function randomResizedCrop(
  options: { size?: number; scale?: readonly [number, number]; ratio?: readonly [number, number] } = {},
): Augmentation<Box> {
  const { size, scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = options;
  const caller = "randomResizedCrop";
  if (size !== undefined) requireInteger(caller, "size", size, 1);
  const ascending = scale[0] > 0 && scale[0] <= scale[1] && scale[1] <= 1;
  requireThat(ascending, caller, `scale must be ascending in (0, 1], got [${scale.join(", ")}]`);
  for (const bound of ratio) requirePositive(caller, "ratio", bound);
  requireThat(ratio[0] <= ratio[1], caller, `ratio must be ascending, got [${ratio.join(", ")}]`);
  return {
    name: caller,
    draw: (random, [height, width]) => drawBox(random, height, width, scale, ratio),
    apply: (images, boxes) => resizedCrop(images, boxes, [size ?? images.shape[1], size ?? images.shape[2]]),
    describe: describeCrop,
  };
}

function drawBox(
  random: Random,
  height: number,
  width: number,
  scale: readonly [number, number],
  ratio: readonly [number, number],
): Box {
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = height * width * random.uniform(...scale);
    const aspect = Math.exp(random.uniform(Math.log(ratio[0]), Math.log(ratio[1])));
    const box = { height: Math.round(Math.sqrt(area / aspect)), width: Math.round(Math.sqrt(area * aspect)) };
    if (box.height < 1 || box.height > height || box.width < 1 || box.width > width) continue;
    return { top: random.integer(height - box.height + 1), left: random.integer(width - box.width + 1), ...box };
  }
  const aspect = Math.min(ratio[1], Math.max(ratio[0], width / height));
  const box = {
    height: Math.min(height, Math.round(width / aspect)),
    width: Math.min(width, Math.round(height * aspect)),
  };
  return { top: Math.floor((height - box.height) / 2), left: Math.floor((width - box.width) / 2), ...box };
}

/** Such as `crop 18×20 at (4, 7)`: width × height, at (left, top). */
export function describeCrop({ top, left, height, width }: Box): string {
  return `crop ${width}×${height} at (${left}, ${top})`;
}
