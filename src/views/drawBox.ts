import type { Random } from "../check/index.js";
import type { ImageShape } from "./augmentation.js";
import type { Box } from "./box.js";

/**
 * Draws a box inside an image: the area uniform in `scale`, the aspect ratio log-uniform in `ratio`, the place uniform;
 * `undefined` after ten boxes that did not fit.
 *
 * @param ranges.scale least and largest share of the area
 * @param ranges.ratio least and largest width / height
 * @param room pixels by which a box must be smaller than the image; default 0
 */
export function drawBox(
  random: Random,
  [height, width]: ImageShape,
  ranges: { readonly scale: readonly [number, number]; readonly ratio: readonly [number, number] },
  room = 0,
): Box | undefined {
  const { scale, ratio } = ranges;
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = height * width * random.uniform(...scale);
    const aspect = Math.exp(random.uniform(Math.log(ratio[0]), Math.log(ratio[1])));
    const box = { height: Math.round(Math.sqrt(area / aspect)), width: Math.round(Math.sqrt(area * aspect)) };
    if (box.height < 1 || box.height > height - room || box.width < 1 || box.width > width - room) continue;
    return { top: random.integer(height - box.height + 1), left: random.integer(width - box.width + 1), ...box };
  }
  return undefined;
}
