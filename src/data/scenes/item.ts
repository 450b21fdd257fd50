import { type Random, seededRandom } from "../../check/index.js";
import { backgrounds, textures } from "../shapes/patterns.js";
import type { ShapeFactors } from "../shapes/shapeFactors.js";
import type { SceneWorld } from "./world.js";

/** Streams of random numbers that belong to one scene, or to one object of the catalogue. */
const streams = { scene: 11, catalogue: 12, object: 13 };

/** The truth about one object; its perceived lightness is in [0.62, 0.88]. */
export interface SceneObjectFactors extends Omit<ShapeFactors, "background" | "backgroundHue" | "backgroundLightness"> {
  /** Number in the catalogue, −1 without one. */
  readonly entry: number;
}

/** The truth about one scene; objects that come later are in front. */
export interface SceneItem {
  readonly objects: readonly SceneObjectFactors[];
  /** For each object, the rest of the stream of its looks; it draws the texture. */
  readonly randoms: readonly Random[];
  /** Index into plain, gradient, noise, checker. */
  readonly background: number;
  readonly backgroundHue: number;
  /** Perceived lightness, [0.22, 0.4]. */
  readonly backgroundLightness: number;
  /** The rest of the scene's stream; it draws the background. */
  readonly random: Random;
}

/** The truth about a scene; it depends on the world and the id alone. */
export function sceneItem(world: SceneWorld, id: number): SceneItem {
  const { seed, catalogue } = world;
  const [fewest, most] = world.objects;
  const random = seededRandom(seed, id, streams.scene);
  const count = fewest + random.integer(most - fewest + 1);
  const entries = catalogue === 0 ? new Int32Array(count).fill(-1) : distinct(random, catalogue, count);
  const randoms = Array.from(entries, (entry, number) =>
    entry < 0 ? seededRandom(seed, id, streams.object, number) : seededRandom(seed, entry, streams.catalogue),
  );
  const looks = randoms.map((own, number) => {
    const entry = entries[number] as number;
    return {
      class: entry < 0 ? own.integer(world.classes) : entry % world.classes,
      entry,
      hue: own.uniform(),
      lightness: own.uniform(0.62, 0.88),
      texture: own.integer(textureCount),
    };
  });
  const poses = placed(random, count, world.overlap);
  return {
    objects: looks.map((look, number) => ({ ...look, ...(poses[number] as Pose) })),
    randoms,
    background: random.integer(backgroundCount),
    backgroundHue: random.uniform(),
    backgroundLightness: random.uniform(0.22, 0.4),
    random,
  };
}

const textureCount = Object.keys(textures).length;
const backgroundCount = Object.keys(backgrounds).length;

type Pose = Pick<SceneObjectFactors, "positionX" | "positionY" | "scale" | "rotation">;

/** How often places are drawn for all objects before they are made smaller. */
const attempts = 50;

/** How far parts of a silhouette reach beyond its radius. */
export const reach = 1.2;

/** Places for so many objects; where they do not fit, all are made a tenth smaller until they do. */
function placed(random: Random, count: number, overlap: number): Pose[] {
  for (let attempt = 0, shrunk = 1; ; attempt++) {
    if (attempt > 0 && attempt % attempts === 0) shrunk *= 0.9;
    const poses = Array.from({ length: count }, (): Pose => {
      const scale = shrunk * random.uniform(0.1, 0.17);
      const place = () => random.uniform(reach * scale, 1 - reach * scale);
      return { positionX: place(), positionY: place(), scale, rotation: random.uniform(-Math.PI / 6, Math.PI / 6) };
    });
    const fit = poses.every((one, number) => poses.slice(0, number).every((other) => apart(one, other, overlap)));
    if (fit) return poses;
  }
}

function apart(one: Pose, other: Pose, overlap: number): boolean {
  const distance = Math.hypot(one.positionX - other.positionX, one.positionY - other.positionY);
  return distance >= (1 - overlap) * reach * (one.scale + other.scale);
}

/** So many different integers in [0, below). */
function distinct(random: Random, below: number, count: number): Int32Array {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(random.integer(below));
  return Int32Array.from(chosen);
}
