import { requireThat } from "../../check/index.js";
import { registerComposed } from "../registerComposed.js";
import { maximum, minimum, split, type Tensor, type Tensor4D, tensor4d, where } from "../tensor.js";
import { hueOffset } from "./hueOffset.js";
import { inGroups } from "./inGroups.js";
import { ColorJitter } from "./kernelNames.js";
import { perImage } from "./perImage.js";
import type { ColorJitterAttrs } from "./views.js";

/** Changes images [m, height, width, channels], each by its factor, [m]. */
type Change = (images: Tensor4D, factors: readonly number[]) => Tensor4D;

/** In the numbering of the kernel's orders. */
const changes: readonly Change[] = [brightness, contrast, saturation, hue];

/** Registers the colour jitter for an engine that has none of its own: in each of four turns, every image has its change. */
export function registerComposedColorJitter(backendName: string): void {
  registerComposed<{ images: Tensor4D }, ColorJitterAttrs>(
    backendName,
    ColorJitter,
    ({ images: given }, { factors, orders }) => {
      const [n, , , channels] = given.shape;
      requireThat(channels === 1 || channels === 3, ColorJitter, `images must have 1 or 3 channels, got ${channels}`);
      let images = given;
      for (let turn = 0; turn < 4; turn++) {
        const groups: number[][] = changes.map(() => []);
        for (let image = 0; image < n; image++) groups[orders[4 * image + turn] as number]?.push(image);
        images = inGroups(images, groups, (part, positions, change) =>
          (changes[change] as Change)(
            part,
            positions.map((image) => factors[4 * image + change] as number),
          ),
        );
      }
      return images;
    },
  );
}

function brightness(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return unit(images.mul(perImage(factors)));
}

/** `factor` parts of the image, 1 − `factor` parts of its mean gray. */
function contrast(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return blend(images, gray(images).mean([1, 2, 3], true), factors);
}

/** `factor` parts of the image, 1 − `factor` parts of its gray version; changes nothing in images of one channel. */
function saturation(images: Tensor4D, factors: readonly number[]): Tensor4D {
  return images.shape[3] === 1 ? images : blend(images, gray(images), factors);
}

/**
 * Turns the hue by so many turns: to HSV, add, back. Back, a channel is max − (max − min) · ramp, where the ramp
 * depends on how far the hue is from that channel's, in sixths of a turn. Changes nothing in images of one channel.
 */
function hue(images: Tensor4D, turns: readonly number[]): Tensor4D {
  if (images.shape[3] === 1) return images;
  const [r, g, b] = split(images, 3, 3) as [Tensor4D, Tensor4D, Tensor4D];
  const most = maximum(maximum(r, g), b);
  const chroma = most.sub(minimum(minimum(r, g), b));
  const scale = maximum(chroma, 1e-12).reciprocal(); // a gray has no hue; its chroma of 0 keeps it as it is
  const redMost = g.sub(b).mul(scale);
  const greenMost = b.sub(r).mul(scale).add(2);
  const blueMost = r.sub(g).mul(scale).add(4);
  const sixths: Tensor = where(r.equal(most), redMost, where(g.equal(most), greenMost, blueMost));
  const offsets = turns.flatMap((turn) => [5, 3, 1].map((channel) => hueOffset(channel, turn)));
  const distance = sixths
    .add(tensor4d(offsets, [turns.length, 1, 1, 3]))
    .abs()
    .sub(3)
    .abs();
  return most.sub<Tensor4D>(chroma.mul(unit(distance.neg().add(2))));
}

function blend(images: Tensor4D, other: Tensor, factors: readonly number[]): Tensor4D {
  const share = perImage(factors);
  return unit(images.mul(share).add(other.mul(share.neg().add(1))));
}

/** torchvision's rgb_to_grayscale, [m, height, width, 1]. */
function gray(images: Tensor4D): Tensor4D {
  if (images.shape[3] === 1) return images;
  const [r, g, b] = split(images, 3, 3) as [Tensor4D, Tensor4D, Tensor4D];
  return r.mul(0.2989).add(g.mul(0.587)).add<Tensor4D>(b.mul(0.114));
}

function unit(values: Tensor): Tensor4D {
  return values.clipByValue(0, 1) as Tensor4D;
}
