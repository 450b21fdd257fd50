/** A curve in the plane, from 0 at its beginning to 1 at its end; its points are at most 1 from the middle. */
type Curve = (along: number) => readonly [number, number];

/** What a mode can be stretched along. */
export const curves: Readonly<Record<"point" | "moon" | "spiral" | "filament", Curve>> = {
  point: () => [0, 0],
  moon: (along) => [Math.cos(Math.PI * along), Math.sin(Math.PI * along)],
  spiral: (along) => {
    const [radius, angle] = [0.15 + 0.85 * along, 3 * Math.PI * along]; // one and a half turns
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  filament: (along) => [2 * along - 1, 0],
};
