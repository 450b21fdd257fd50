import { drawScene } from "../scenes/drawScene.js";
import type { SceneWorld } from "../scenes/world.js";
import { drawShape } from "../shapes/drawShape.js";
import type { ShapeWorld } from "../shapes/world.js";

/** The generators that draw images, each with what decides how its items look; plain data that a thread can be sent. */
export interface Worlds {
  readonly shapes: ShapeWorld;
  readonly scenes: SceneWorld;
}

/** Draws item `id` of a world into `image`. */
type Draw<World> = (image: Uint8Array, world: World, id: number) => void;

const drawers: { readonly [Kind in keyof Worlds]: Draw<Worlds[Kind]> } = { shapes: drawShape, scenes: drawScene };

/** What to draw. */
export interface Order<Kind extends keyof Worlds = keyof Worlds> {
  readonly kind: Kind;
  readonly world: Worlds[Kind];
  readonly ids: Int32Array;
  /** Values per image. */
  readonly extent: number;
}

/** Draws the items of an order, one after the other. */
export function drawImages<Kind extends keyof Worlds>({
  kind,
  world,
  ids,
  extent,
}: Order<Kind>): Uint8Array<ArrayBuffer> {
  const images = new Uint8Array(ids.length * extent);
  for (const [at, id] of ids.entries()) drawers[kind](images.subarray(at * extent, (at + 1) * extent), world, id);
  return images;
}
