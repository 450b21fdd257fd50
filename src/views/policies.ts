import { colorJitter } from "./colorJitter.js";
import { gaussianBlur } from "./gaussianBlur.js";
import { horizontalFlip } from "./horizontalFlip.js";
import { type Policy, policy } from "./policy.js";
import { randomGrayscale } from "./randomGrayscale.js";
import { randomResizedCrop } from "./randomResizedCrop.js";

/** What the recipes have in common; each states its own defaults. */
export interface PolicyOptions {
  /** Height and width of the views, px; default: those of the images. */
  readonly size?: number;
  /** Least and largest share of the image's area in a crop. */
  readonly scale?: readonly [number, number];
  /** Strength s of the colour jitter: brightness, contrast and saturation 0.8 s, hue 0.2 s. */
  readonly strength?: number;
  /** Probability of the Gaussian blur. */
  readonly blur?: number;
}

/** The papers' view policies, as factories. On gray images the colour parts change brightness and contrast alone. */
export const policies = {
  /**
   * SimCLR for CIFAR (Chen et al. 2020, App. B.9): crop 0.08 … 1, flip, jitter 0.4/0.4/0.4/0.1 (strength 0.5) with
   * probability 0.8, gray 0.2, no blur. For ImageNet: strength 1, blur 0.5.
   */
  simclr: (options: PolicyOptions = {}): Policy => strong("simclr", { scale: [0.08, 1], blur: 0, ...options }),

  /**
   * MoCo v2 (Chen et al. 2020, arXiv:2003.04297, "aug+"): crop 0.2 … 1, jitter 0.4/0.4/0.4/0.1 with probability 0.8,
   * gray 0.2, flip. Blur is 0.5 in the paper and absent from the authors' CIFAR demo, as here by default.
   */
  moco: (options: PolicyOptions = {}): Policy => strong("moco", { scale: [0.2, 1], blur: 0, ...options }),

  /** SCE's view for the teacher (Denize et al. 2023, CIFAR configuration): crop 0.2 … 1, flip. */
  sceWeak: (options: Pick<PolicyOptions, "size" | "scale"> = {}): Policy =>
    policy("sceWeak", randomResizedCrop({ scale: [0.2, 1], ...options }), horizontalFlip()),

  /** SCE's view for the student: crop 0.2 … 1, jitter 0.4/0.4/0.4/0.1 with probability 0.8, gray 0.2, blur 0.5, flip. */
  sceStrong: (options: PolicyOptions = {}): Policy => strong("sceStrong", { scale: [0.2, 1], blur: 0.5, ...options }),

  /** The image itself. */
  none: (): Policy => policy("none"),
};

function strong(name: string, options: PolicyOptions & { scale: readonly [number, number]; blur: number }): Policy {
  const { size, scale, strength = 0.5, blur } = options;
  const tone = 0.8 * strength;
  return policy(
    name,
    randomResizedCrop({ scale, ...(size !== undefined && { size }) }),
    colorJitter({ brightness: tone, contrast: tone, saturation: tone, hue: 0.2 * strength }),
    randomGrayscale(),
    ...(blur > 0 ? [gaussianBlur({ probability: blur })] : []),
    horizontalFlip(),
  );
}
