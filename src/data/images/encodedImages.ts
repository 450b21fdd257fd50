import { requireOneOf, requireThat } from "../../check/index.js";
import type { ImageDataset, UnreadableImage } from "../dataset.js";
import { groupsOf } from "../groupsOf.js";
import { decodeImages } from "./decodeImages.js";
import type { ImagePlace } from "./decodeJob.js";

/** What is done about an image that cannot be read: left out and counted, or an error. */
export type OnError = "skip" | "throw";

/** Images in files, as {@link encodedImages} takes them. */
interface EncodedParts extends Pick<ImageDataset, "name" | "classNames" | "imageShape" | "labels"> {
  placeOf(position: number): ImagePlace;
  /** What messages call it. */
  nameOf(position: number): string;
  /** Throws if the places are no longer right, because a file has changed since they were found. */
  requireUnchanged?(positions: readonly number[]): void;
}

/**
 * A data set of images that are decoded when they are read. Its group is the label; an image without one is alike to
 * nobody.
 *
 * @param caller named in errors
 * @param options.onError default `skip`: the image's place is −1, and `unreadable` has its name
 * @throws RangeError `imageFolder: imageShape must be height, width and 1 or 3 channels, got [64, 64, 4]`
 * @throws Error from `read`, with `throw`: `imageFolder: /…/cats/12.jpg cannot be read (VipsJpeg: …); mend or remove it, or
 *   pass onError: "skip"`
 * @throws Error from `read`, whatever `onError` says: `imageFolder: /…/cats/12.jpg could not be read (EACCES: …); …`
 */
export function encodedImages(caller: string, parts: EncodedParts, options: { onError?: OnError } = {}): ImageDataset {
  const { onError = "skip" } = options;
  const { name, classNames, imageShape, labels, placeOf, nameOf } = parts;
  requireOneOf(caller, "onError", onError, ["skip", "throw"]);
  requireImageShape(caller, imageShape);
  const size = labels.length;
  const unreadable: UnreadableImage[] = [];
  const known = new Set<number>();

  function skip(position: number, reason: string): void {
    const image = nameOf(position);
    if (onError === "throw") {
      throw new Error(`${caller}: ${image} cannot be read (${reason}); mend or remove it, or pass onError: "skip"`);
    }
    if (known.has(position)) return;
    known.add(position);
    unreadable.push({ name: image, reason });
  }

  function fail(cause: Error): never {
    throw new Error(`${caller}: ${cause.message}`, { cause });
  }

  return {
    name,
    classNames,
    size,
    imageShape,
    ids: Int32Array.from(labels, (_, position) => position),
    labels,
    groups: groupsOf(labels),
    unreadable,
    async read(positions) {
      const wanted = [...new Set(positions)];
      parts.requireUnchanged?.(wanted);
      const { bytes, problems } = await decodeImages(wanted.map(placeOf), imageShape).catch(fail);
      const places = new Map<number, number>();
      for (const [place, position] of wanted.entries()) {
        const problem = problems[place];
        if (problem !== undefined) skip(position, problem);
        places.set(position, problem === undefined ? place : -1);
      }
      return { bytes, places: positions.map((position) => places.get(position) as number) };
    },
  };
}

function requireImageShape(caller: string, imageShape: readonly number[]): void {
  const [, , channels] = imageShape;
  const isShape = imageShape.length === 3 && imageShape.every((side) => Number.isInteger(side) && side > 0);
  requireThat(
    isShape && (channels === 1 || channels === 3),
    caller,
    `imageShape must be height, width and 1 or 3 channels, got [${imageShape.join(", ")}]`,
  );
}
