import { compose, paintedCanvas, paintObject, toBytes } from "./canvas.js";
import { drawnTransforms } from "./drawnTransforms.js";
import { drawGlyph, glyphOf } from "./glyph.js";
import { shapeItem } from "./item.js";
import { emptyLayer } from "./layer.js";
import { coverageOf, paints } from "./paints.js";
import type { Transform } from "./transform.js";
import { shapeTransforms } from "./transforms.js";
import type { ShapeWorld } from "./world.js";

/**
 * Draws item `id` of a world into `image`, [size, size, 3], 0 … 255. Depends on nothing but the arguments, so an item can
 * be drawn again, alone and in any order.
 */
export function drawShape(image: Uint8Array, world: ShapeWorld, id: number): void {
  const { size, classes } = world;
  const { factors, look, random } = shapeItem(world, id);
  const { object, ground } = paints(random, factors, size);
  let layer = emptyLayer(size);
  paintObject(layer, object, coverageOf(factors.class + look * classes, factors, size));
  let center = { x: factors.positionX * size, y: factors.positionY * size };
  for (const { name, parameters, random: left } of drawnTransforms(world, factors.class, id)) {
    const transform: Transform = shapeTransforms[name];
    layer = transform.apply(layer, parameters, { center, random: left });
    center = transform.move?.(center, parameters, size) ?? center;
  }
  const canvas = paintedCanvas(size, ground);
  compose(canvas, layer);
  drawGlyph(canvas, glyphOf(world, id));
  toBytes(canvas, image);
}
