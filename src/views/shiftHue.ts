import { equal, maximum, minimum, split, type Tensor4D, tensor4d, where } from "../engine/tensor.js";

/**
 * Turns the hue of each image: torchvision's `adjust_hue` on tensors (to HSV, add, back). Back from HSV each channel is
 * `max − (max − min) · ramp`, where `ramp` depends on how far the hue is from that channel's, in sixths of a turn.
 * Call it in a tidy.
 *
 * @param planes [3, batch, height, width] in [0, 1]
 * @param shifts turns, one per image, in [−0.5, 0.5]
 */
export function shiftHue(planes: Tensor4D, shifts: readonly number[]): Tensor4D {
  const [red, green, blue] = split(planes, 3, 0) as [Tensor4D, Tensor4D, Tensor4D];
  const most = maximum<Tensor4D>(maximum(red, green), blue);
  const chroma = most.sub<Tensor4D>(minimum(minimum(red, green), blue));
  const hue = sixths(red, green, blue, most, chroma);
  const distance = hue.add<Tensor4D>(offsets(shifts)).abs().sub<Tensor4D>(3).abs(); // ‖m − 3‖ − 3‖ folds m into [0, 3]
  const ramp = distance.mul(-1).add<Tensor4D>(2).clipByValue(0, 1);
  return most.sub<Tensor4D>(chroma.mul(ramp));
}

/** Hue in sixths of a turn, [−1, 5]; 0 for grays. */
function sixths(red: Tensor4D, green: Tensor4D, blue: Tensor4D, most: Tensor4D, chroma: Tensor4D): Tensor4D {
  const divisor = maximum<Tensor4D>(chroma, 1e-12); // for grays, whose differences are all 0
  const fromGreen = blue.sub<Tensor4D>(red).div<Tensor4D>(divisor).add<Tensor4D>(2);
  const fromBlue = red.sub<Tensor4D>(green).div<Tensor4D>(divisor).add<Tensor4D>(4);
  const fromRed = green.sub<Tensor4D>(blue).div<Tensor4D>(divisor);
  return where<Tensor4D>(equal(red, most), fromRed, where(equal(green, most), fromGreen, fromBlue));
}

/**
 * What to add to a hue in sixths so that `||hue + offset| − 3|` is its distance to the middle of the part of the circle
 * in which a channel is low: [3, batch, 1, 1].
 */
function offsets(shifts: readonly number[]): Tensor4D {
  const values = [5, 3, 1].flatMap((channel) => shifts.map((shift) => lowered(channel - 2 + 6 * shift) - 3));
  return tensor4d(Float32Array.from(values), [3, shifts.length, 1, 1]);
}

/** Modulo 6 into [−2, 4): the hue in [−1, 5] added to it stays in [−3, 9), which two absolute values fold. */
function lowered(value: number): number {
  return value - 6 * Math.floor((value + 2) / 6);
}
