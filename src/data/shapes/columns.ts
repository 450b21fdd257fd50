import { drawnTransforms, transformColumns } from "./drawnTransforms.js";
import { glyphOf } from "./glyph.js";
import { shapeItem } from "./item.js";
import type { ShapeFactors } from "./shapeFactors.js";
import { shapeTransforms, transformNames } from "./transforms.js";
import type { ShapeWorld } from "./world.js";

/** The factors of the items from `firstId` on, one column each; nothing is drawn. */
export function shapeColumns(world: ShapeWorld, firstId: number, count: number): Record<string, Float32Array> {
  const columns: Record<string, Float32Array> = {};
  const set = (name: string, index: number, value: number) => {
    columns[name] ??= new Float32Array(count);
    columns[name][index] = value;
  };
  const used = transformNames.filter((name) => world.transforms.some((list) => list.includes(name)));
  for (const name of used) {
    for (const [at, column] of transformColumns(name).entries()) {
      columns[column] = new Float32Array(count).fill(shapeTransforms[name].identity[at] as number);
    }
  }
  for (let index = 0; index < count; index++) {
    const id = firstId + index;
    const { factors, look, original } = shapeItem(world, id);
    for (const name in factors) set(name, index, factors[name as keyof ShapeFactors]);
    if (world.looks > 1) set("look", index, look);
    if (world.nearDuplicates > 0) set("original", index, original);
    if (world.glyphs > 0) set("glyph", index, glyphOf(world, id).digit);
    for (const { name, parameters } of drawnTransforms(world, factors.class, id)) {
      for (const [at, column] of transformColumns(name).entries()) set(column, index, parameters[at] as number);
    }
  }
  return columns;
}
