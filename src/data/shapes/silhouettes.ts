/**
 * Distance of a point to the outline of a shape, below zero inside. Shapes are about as large as the unit disc and
 * stand upright: x to the right, y up. Exact near straight edges, which is what smooth edges need.
 */
type Silhouette = (x: number, y: number) => number;

/** The ten classes, in the order of their labels. Any two differ by more than rotation and at 12 px across. */
export const silhouettes: Readonly<Record<string, Silhouette>> = {
  disc: (x, y) => Math.hypot(x, y) - 0.82,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) - 0.72,
  triangle: (x, y) => Math.max(-(y + 0.56), 0.866 * Math.abs(x) + 0.5 * (y + 0.1) - 0.5),
  star,
  cross: (x, y) => Math.min(box(x, y, 0.95, 0.28), box(x, y, 0.28, 0.95)),
  ring: (x, y) => Math.abs(Math.hypot(x, y) - 0.7) - 0.23,
  heart,
  crescent: (x, y) => Math.max(Math.hypot(x, y) - 0.95, 0.78 - Math.hypot(x - 0.48, y)),
  arrow: (x, y) => Math.min(box(x + 0.5, y, 0.62, 0.26), Math.max(-x, 0.6 * x + 0.8 * Math.abs(y) - 0.72)),
  hourglass: (x, y) => Math.max(Math.abs(y) - 0.88, 0.78 * Math.abs(x) - 0.62 * Math.abs(y) - 0.07),
};

/** Names of the silhouettes, in the order of their labels. */
export const silhouetteNames: readonly string[] = Object.keys(silhouettes);

function box(x: number, y: number, halfWidth: number, halfHeight: number): number {
  return Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);
}

/** Five points: the angle is folded into one half point, whose edge runs from the tip to the notch. */
function star(x: number, y: number): number {
  const sector = (2 * Math.PI) / 5;
  const angle = Math.atan2(x, y);
  const folded = Math.abs(angle - sector * Math.round(angle / sector));
  const radius = Math.hypot(x, y);
  const along = radius * Math.cos(folded);
  const across = radius * Math.sin(folded);
  const [tip, notchAlong, notchAcross] = [1.05, 0.46 * Math.cos(sector / 2), 0.46 * Math.sin(sector / 2)];
  const length = Math.hypot(tip - notchAlong, notchAcross);
  return ((along - tip) * notchAcross + across * (tip - notchAlong)) / length;
}

/** Inigo Quilez, "2D distance functions" (iquilezles.org/articles/distfunctions2d), moved to the middle. */
function heart(x: number, y: number): number {
  const scale = 1.65;
  const px = Math.abs(x) / scale;
  const py = y / scale + 0.56;
  if (px + py > 1) return scale * (Math.hypot(px - 0.25, py - 0.75) - Math.SQRT2 / 4);
  const half = 0.5 * Math.max(px + py, 0);
  return scale * Math.sign(px - py) * Math.min(Math.hypot(px, py - 1), Math.hypot(px - half, py - half));
}
