import { requireInteger, requireProbability } from "../check/index.js";
import { colorJitter } from "./colorJitter.js";
import { gaussianBlur } from "./gaussianBlur.js";
import { horizontalFlip } from "./horizontalFlip.js";
import { type Policy, policy } from "./policy.js";
import { randomGrayscale } from "./randomGrayscale.js";
import { type RandomResizedCropOptions, randomResizedCrop } from "./randomResizedCrop.js";
import { solarize } from "./solarize.js";

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

/** Options of the multi-crop recipes: two large views, `policies.swav()[0]` and `[1]`, then small ones. */
export interface MultiCropOptions {
  /** Height and width of the two large views, px; default: those of the images. */
  readonly size?: number;
  /** Least and largest share of the image's area in a large view. */
  readonly scale?: readonly [number, number];
  /** Height and width of the small views, px; default 96 / 224 of the images'. */
  readonly localSize?: number;
  /** Least and largest share of the image's area in a small view. */
  readonly localScale?: readonly [number, number];
  /** Small views. */
  readonly localCount?: number;
}

/**
 * The papers' view policies, as factories. Those that treat all views alike give one policy; asymmetric and multi-crop
 * recipes give one per view. On gray images the colour parts change brightness and contrast alone.
 */
export const policies = {
  /**
   * SimCLR for CIFAR (Chen et al. 2020, App. B.9): crop 0.08 … 1, flip, jitter 0.4/0.4/0.4/0.1 (strength 0.5) with
   * probability 0.8, gray 0.2, no blur. For ImageNet: strength 1, blur 0.5.
   */
  simclr: (options: PolicyOptions = {}): Policy => strong("simclr", options, { scale: [0.08, 1], blur: 0 }),

  /**
   * MoCo v2 (Chen et al. 2020, arXiv:2003.04297, "aug+"): crop 0.2 … 1, jitter 0.4/0.4/0.4/0.1 with probability 0.8,
   * gray 0.2, flip. Blur is 0.5 in the paper and absent from the authors' CIFAR demo, as here by default.
   */
  moco: (options: PolicyOptions = {}): Policy => strong("moco", options, { scale: [0.2, 1], blur: 0 }),

  /**
   * BYOL (Grill et al. 2020, arXiv:2006.07733, App. B), one policy per view: crop 0.08 … 1, flip, jitter
   * 0.4/0.4/0.2/0.1 with probability 0.8, gray 0.2; blur with probability 1 in the first view and 0.1 in the second;
   * solarize 0.2 in the second.
   */
  byol: (options: Pick<PolicyOptions, "size" | "scale"> = {}): readonly [Policy, Policy] => {
    const crop = cropOf(options, [0.08, 1]);
    return [
      distorted("byol 1", { crop, jitter: tones, blur: 1, solarized: 0 }),
      distorted("byol 2", { crop, jitter: tones, blur: 0.1, solarized: 0.2 }),
    ];
  },

  /**
   * SwAV's multi-crop (Caron et al. 2020, arXiv:2006.09882, App. A): two large views with crops 0.14 … 1 and six small
   * ones, 96 / 224 as high and wide, with crops 0.05 … 0.14; all with flip, jitter 0.8/0.8/0.8/0.2 with probability 0.8,
   * gray 0.2 and blur 0.5.
   */
  swav: (options: MultiCropOptions = {}): readonly Policy[] => {
    const jitter = { brightness: 0.8, contrast: 0.8, saturation: 0.8, hue: 0.2 };
    const rest = { jitter, blur: 0.5, solarized: 0 };
    return multiCrop(
      "swav",
      options,
      { scale: [0.14, 1], localScale: [0.05, 0.14], localCount: 6 },
      { large: [rest, rest], local: rest },
    );
  },

  /**
   * DINO's multi-crop (Caron et al. 2021, arXiv:2104.14294, and the authors' code): two large views with crops
   * 0.4 … 1 and eight small ones, 96 / 224 as high and wide, with crops 0.05 … 0.4; all with flip, jitter 0.4/0.4/0.2/0.1
   * with probability 0.8 and gray 0.2; blur 1 in the first, 0.1 in the second, 0.5 in the small views; solarize 0.2 in the
   * second.
   */
  dino: (options: MultiCropOptions = {}): readonly Policy[] =>
    multiCrop(
      "dino",
      options,
      { scale: [0.4, 1], localScale: [0.05, 0.4], localCount: 8 },
      {
        large: [
          { jitter: tones, blur: 1, solarized: 0 },
          { jitter: tones, blur: 0.1, solarized: 0.2 },
        ],
        local: { jitter: tones, blur: 0.5, solarized: 0 },
      },
    ),

  /** The teacher's view in ReSSL (Zheng et al. 2021, arXiv:2107.09282) and SCE: crop 0.2 … 1, flip. */
  weak: (options: Pick<PolicyOptions, "size" | "scale"> = {}): Policy => cropAndFlip("weak", cropOf(options, [0.2, 1])),

  /**
   * The student's view in ReSSL and SCE: crop 0.2 … 1, jitter 0.4/0.4/0.4/0.1 with probability 0.8, gray 0.2, blur 0.5,
   * flip.
   */
  strong: (options: PolicyOptions = {}): Policy => strong("strong", options, { scale: [0.2, 1], blur: 0.5 }),

  /** SCE's view for the teacher (Denize et al. 2023, CIFAR configuration): that of {@link policies.weak}. */
  sceWeak: (options: Pick<PolicyOptions, "size" | "scale"> = {}): Policy =>
    cropAndFlip("sceWeak", cropOf(options, [0.2, 1])),

  /** SCE's view for the student: that of {@link policies.strong}. */
  sceStrong: (options: PolicyOptions = {}): Policy => strong("sceStrong", options, { scale: [0.2, 1], blur: 0.5 }),

  /** Supervised training and linear probes on ImageNet, as in torchvision's reference: crop 0.08 … 1, flip. */
  supervised: (options: Pick<PolicyOptions, "size" | "scale"> = {}): Policy =>
    cropAndFlip("supervised", cropOf(options, [0.08, 1])),

  /** The image itself. */
  none: (): Policy => policy("none"),
};

/** Jitter of BYOL and DINO. */
const tones = { brightness: 0.4, contrast: 0.4, saturation: 0.2, hue: 0.1 };

type Defaults<Options, Names extends keyof Options> = Required<Pick<Options, Names>>;

function strong(name: string, options: PolicyOptions, defaults: Defaults<PolicyOptions, "scale" | "blur">): Policy {
  const { strength = 0.5, blur = defaults.blur } = options;
  requireProbability(name, "blur", blur);
  const tone = 0.8 * strength;
  return policy(
    name,
    randomResizedCrop(cropOf(options, defaults.scale)),
    colorJitter({ brightness: tone, contrast: tone, saturation: tone, hue: 0.2 * strength }),
    randomGrayscale(),
    ...(blur > 0 ? [gaussianBlur({ probability: blur })] : []),
    horizontalFlip(),
  );
}

/** What is not given, or given as `undefined`, has its default. */
function cropOf(
  given: Pick<PolicyOptions, "size" | "scale">,
  defaultScale: readonly [number, number],
): RandomResizedCropOptions {
  const { size, scale = defaultScale } = given;
  return { scale, ...(size !== undefined && { size }) };
}

function cropAndFlip(name: string, crop: RandomResizedCropOptions): Policy {
  return policy(name, randomResizedCrop(crop), horizontalFlip());
}

/** What sets one view of an asymmetric recipe apart; probabilities of 0 leave the augmentation out. */
interface Distortion {
  readonly jitter: Parameters<typeof colorJitter>[0];
  readonly blur: number;
  readonly solarized: number;
}

function distorted(name: string, view: Distortion & { readonly crop: RandomResizedCropOptions }): Policy {
  return policy(
    name,
    randomResizedCrop(view.crop),
    horizontalFlip(),
    colorJitter(view.jitter),
    randomGrayscale(),
    ...(view.blur > 0 ? [gaussianBlur({ probability: view.blur })] : []),
    ...(view.solarized > 0 ? [solarize({ probability: view.solarized })] : []),
  );
}

/** Two large views, then the small ones. */
function multiCrop(
  name: string,
  options: MultiCropOptions,
  defaults: Defaults<MultiCropOptions, "scale" | "localScale" | "localCount">,
  views: { readonly large: readonly [Distortion, Distortion]; readonly local: Distortion },
): readonly Policy[] {
  const { localSize, localScale = defaults.localScale, localCount = defaults.localCount } = options;
  requireInteger(name, "localCount", localCount);
  const large = cropOf(options, defaults.scale);
  const local = { scale: localScale, size: localSize ?? { share: 96 / 224 } };
  return [
    ...views.large.map((view, index) => distorted(`${name} ${index + 1}`, { ...view, crop: large })),
    ...Array.from({ length: localCount }, () => distorted(`${name} small`, { ...views.local, crop: local })),
  ];
}
