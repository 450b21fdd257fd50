import { answerRequests } from "../threads/answerRequests.js";
import { decodeImage } from "./decodeImage.js";
import type { DecodeAnswer, DecodeJob, ImagePlace } from "./decodeJob.js";
import { imageReader } from "./imageReader.js";
import { Unreadable } from "./unreadable.js";

/**
 * A thread that reads and decodes images. It opens the files itself, so that a training step that keeps the main thread busy
 * does not keep the next images waiting.
 */
const reader = imageReader();

async function answer({ places, shape, target, settings }: DecodeJob): Promise<DecodeAnswer> {
  const extent = shape[0] * shape[1] * shape[2];
  const problems: (string | undefined)[] = [];
  reader.recheck();
  for (const [at, place] of places.entries()) {
    problems.push(
      await problemOf(place, () =>
        decodeImage(reader.read(place), shape, target.subarray(at * extent, (at + 1) * extent), settings),
      ),
    );
  }
  return problems;
}

/** What is wrong with an image; throws what is no fault of its own. */
async function problemOf({ path }: ImagePlace, decode: () => Promise<void>): Promise<string | undefined> {
  try {
    await decode();
    return undefined;
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    const { message, syscall } = error as NodeJS.ErrnoException;
    const remedy = syscall
      ? "; see to the file or its disk, or make the data set anew if its files have changed: the image itself is not to blame"
      : "";
    throw new Error(`${path} could not be ${syscall ? "read" : "decoded"} (${message})${remedy}`, {
      cause: error,
    });
  }
}

answerRequests(answer);
