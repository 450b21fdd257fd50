import type { Random } from "../../check/index.js";
import { type Box, paintedCanvas, paintOver, toBytes } from "../shapes/canvas.js";
import { backgroundPaint, coverageOf, objectPaint } from "../shapes/paints.js";
import type { Pattern } from "../shapes/patterns.js";
import { reach, type SceneObjectFactors, sceneItem } from "./item.js";
import type { SceneWorld } from "./world.js";

/** Draws scene `id` of a world into `image`, [size, size, 3], 0 … 255. Depends on nothing but the arguments. */
export function drawScene(image: Uint8Array, world: SceneWorld, id: number): void {
  const { size } = world;
  const scene = sceneItem(world, id);
  const canvas = paintedCanvas(size, backgroundPaint(scene.random, scene, size));
  scene.objects.forEach((object, number) => {
    // The texture is as large as on an object that fills an image, and it moves and turns with its own.
    const { colors, pattern } = objectPaint(scene.randoms[number] as Random, object, 2.8 * object.scale * size);
    paintOver(canvas, { colors, pattern: withObject(pattern, object, size) }, objectCoverage(object, size));
  });
  toBytes(canvas, image);
}

/** One object as it is seen. */
export interface SceneObject extends SceneObjectFactors {
  /** Around what is seen of it, px; empty (no width, no height) where others hide it wholly. */
  readonly box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  /** Pixels that are seen of it: those that its mask has. */
  readonly visible: number;
  /** Pixels that it covers, seen or hidden. */
  readonly area: number;
}

/** The truth about the pixels of one scene. */
export interface SceneAnnotation {
  readonly id: number;
  /** Objects that come later are in front. */
  readonly objects: readonly SceneObject[];
  /** [size, size]: which object is seen at a pixel, numbered from 1; 0 where it is the background. */
  readonly mask: Uint8Array;
}

/** The masks and boxes of a scene. A pixel belongs to the foremost object that covers at least half of it. */
export function annotateScene(world: SceneWorld, id: number): SceneAnnotation {
  const { size } = world;
  const { objects } = sceneItem(world, id);
  const mask = new Uint8Array(size * size);
  const areas = objects.map((object, number) => {
    const { box, coverage } = objectCoverage(object, size);
    let area = 0;
    for (let row = box.top; row < box.bottom; row++) {
      for (let column = box.left; column < box.right; column++) {
        if (coverage(column + 0.5, row + 0.5) < 0.5) continue;
        mask[row * size + column] = number + 1;
        area++;
      }
    }
    return area;
  });
  return {
    id,
    mask,
    objects: objects.map((object, number) => ({
      ...object,
      ...seen(mask, number + 1, size),
      area: areas[number] as number,
    })),
  };
}

/** Where an object covers pixels, and how much of each. */
function objectCoverage(object: SceneObjectFactors, size: number): { box: Box; coverage: Pattern } {
  const radius = reach * object.scale * size + 1; // a pixel for the blend
  const [x, y] = [object.positionX * size, object.positionY * size];
  return {
    box: {
      left: Math.max(0, Math.floor(x - radius)),
      top: Math.max(0, Math.floor(y - radius)),
      right: Math.min(size, Math.ceil(x + radius)),
      bottom: Math.min(size, Math.ceil(y + radius)),
    },
    coverage: coverageOf(object.class, object, size),
  };
}

/** The pattern of an image, carried along by an object. */
function withObject(pattern: Pattern, { positionX, positionY, rotation }: SceneObjectFactors, size: number): Pattern {
  const [cosine, sine] = [Math.cos(rotation), Math.sin(rotation)];
  return (x, y) => {
    const [right, down] = [x - positionX * size, y - positionY * size];
    return pattern(size / 2 + right * cosine - down * sine, size / 2 + right * sine + down * cosine);
  };
}

function seen(mask: Uint8Array, number: number, size: number): Pick<SceneObject, "box" | "visible"> {
  let [left, top, right, bottom, visible] = [size, size, 0, 0, 0];
  mask.forEach((value, at) => {
    if (value !== number) return;
    const [column, row] = [at % size, Math.floor(at / size)];
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
    visible++;
  });
  if (visible === 0) return { box: { left: 0, top: 0, width: 0, height: 0 }, visible };
  return { box: { left, top, width: right - left, height: bottom - top }, visible };
}
