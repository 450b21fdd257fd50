/** How an image becomes one of a given size. */
export interface CoverCrop {
  /** Size that the image is scaled to, before it is cropped. */
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  /** Corner of the crop within the scaled image. */
  readonly left: number;
  readonly top: number;
}

/**
 * Scales an image, its proportions kept, to just cover a size, and crops the middle out: for squares exactly what
 * torchvision's `Resize(size)` and `CenterCrop(size)` do, their rounding included (the longer side down, the corner to
 * even).
 */
export function coverCrop(width: number, height: number, toWidth: number, toHeight: number): CoverCrop {
  const byWidth = width * toHeight <= height * toWidth;
  const scaledWidth = byWidth ? toWidth : Math.floor((toHeight * width) / height);
  const scaledHeight = byWidth ? Math.floor((toWidth * height) / width) : toHeight;
  return {
    scaledWidth,
    scaledHeight,
    left: halfToEven(scaledWidth - toWidth),
    top: halfToEven(scaledHeight - toHeight),
  };
}

/** Half of an integer, rounded to the even neighbour as Python's `round` does. */
function halfToEven(value: number): number {
  const low = value >> 1;
  return value % 2 === 0 || low % 2 === 0 ? low : low + 1;
}
