import type { Tensor } from "../engine/tensor.js";

/**
 * Gray value of a colour as torchvision's `rgb_to_grayscale` has it, 0.2989 r + 0.587 g + 0.114 b. Written with
 * element-wise operations: a matrix product may round differently in batches of other sizes.
 */
export function luma<T extends Tensor>(red: T, green: T, blue: T): T {
  return red.mul(0.2989).add<T>(green.mul(0.587)).add(blue.mul(0.114));
}
