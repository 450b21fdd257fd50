import { hueOffset } from "../fused/hueOffset.js";

/** Multiplies all values of an image [height, width, channels], in place, and clips to [0, 1]. */
export function brightness(image: Float32Array, factor: number): void {
  for (let i = 0; i < image.length; i++) image[i] = unit((image[i] as number) * factor);
}

/** `factor` parts of the image, 1 − `factor` parts of its mean gray. */
export function contrast(image: Float32Array, factor: number, channels: number): void {
  let sum = 0;
  for (let i = 0; i < image.length; i += channels) sum += channels === 3 ? gray(image, i) : (image[i] as number);
  const other = ((sum * channels) / image.length) * (1 - factor);
  for (let i = 0; i < image.length; i++) image[i] = unit((image[i] as number) * factor + other);
}

/** `factor` parts of the image, 1 − `factor` parts of its gray version; changes nothing in images of one channel. */
export function saturation(image: Float32Array, factor: number, channels: number): void {
  if (channels !== 3) return;
  for (let i = 0; i < image.length; i += 3) {
    const other = gray(image, i) * (1 - factor);
    for (let c = i; c < i + 3; c++) image[c] = unit((image[c] as number) * factor + other);
  }
}

/**
 * Turns the hue by `shift` turns: to HSV, add, back. Back, a channel is max − (max − min) · ramp, where the ramp
 * depends on how far the hue is from that channel's, in sixths of a turn. Changes nothing in images of one channel.
 */
export function hue(image: Float32Array, shift: number, channels: number): void {
  if (channels !== 3) return;
  const ofRed = hueOffset(5, shift);
  const ofGreen = hueOffset(3, shift);
  const ofBlue = hueOffset(1, shift);
  for (let i = 0; i < image.length; i += 3) {
    const r = image[i] as number;
    const g = image[i + 1] as number;
    const b = image[i + 2] as number;
    const most = Math.max(r, g, b);
    const chroma = most - Math.min(r, g, b);
    if (chroma === 0) continue; // a gray has no hue
    const sixths = r === most ? (g - b) / chroma : g === most ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
    image[i] = most - chroma * ramp(sixths + ofRed);
    image[i + 1] = most - chroma * ramp(sixths + ofGreen);
    image[i + 2] = most - chroma * ramp(sixths + ofBlue);
  }
}

function ramp(hueAndOffset: number): number {
  return unit(2 - Math.abs(Math.abs(hueAndOffset) - 3));
}

/** torchvision's rgb_to_grayscale. */
function gray(image: Float32Array, i: number): number {
  return (image[i] as number) * 0.2989 + (image[i + 1] as number) * 0.587 + (image[i + 2] as number) * 0.114;
}

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
