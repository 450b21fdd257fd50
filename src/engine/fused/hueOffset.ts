/**
 * What to add to a hue in [−1, 5], in sixths of a turn, so that the sum is in [−3, 9) and its distance from 3, folded
 * at 3, is that from the place where the channel is lowest.
 *
 * @param channel 5 red, 3 green, 1 blue
 * @param shift of the hue, turns
 */
export function hueOffset(channel: number, shift: number): number {
  const value = channel - 2 + 6 * shift;
  return value - 6 * Math.floor((value + 2) / 6) - 3;
}
