/** The true latent variables of one image. By default all are independent of the class. */
export interface ShapeFactors {
  /** Index into the class names. */
  readonly class: number;
  /** Hue of the shape, [0, 1). */
  readonly hue: number;
  /** Perceived lightness of the shape, [0, 1]; shape and background are never equally light. */
  readonly lightness: number;
  /** Index into plain, stripes, dots, checker, gradient. */
  readonly texture: number;
  /** Middle of the shape, in image widths and heights from the upper left. */
  readonly positionX: number;
  readonly positionY: number;
  /** Radius of the shape, in image widths. */
  readonly scale: number;
  /** Counter-clockwise, radians. */
  readonly rotation: number;
  /** Index into plain, gradient, noise, checker. */
  readonly background: number;
  readonly backgroundHue: number;
  readonly backgroundLightness: number;
}

/** A factor that can be tied to the class or fixed. */
export type ShapeFactor = Exclude<keyof ShapeFactors, "class" | "backgroundLightness">;

/** Names of {@link ShapeFactor}. */
export const shapeFactorNames: readonly ShapeFactor[] = [
  "hue",
  "lightness",
  "texture",
  "positionX",
  "positionY",
  "scale",
  "rotation",
  "background",
  "backgroundHue",
];
