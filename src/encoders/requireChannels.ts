import { requireThat } from "../check/index.js";
import type { Encoder } from "./encoder.js";

/**
 * Requires images of as many channels as an encoder takes.
 *
 * @param encoder one without a backbone, such as a function of one's own, takes what it takes
 * @throws RangeError `fit: images of "shapes" must have 1 channel, which the encoder is made for, got 3; make it with
 *   imageShape: dataset.imageShape`
 */
export function requireChannels(
  caller: string,
  encoder: Partial<Pick<Encoder, "backbone">>,
  images: { readonly name: string; readonly imageShape: readonly number[] },
): void {
  const expected = encoder.backbone?.inputs[0]?.shape.at(-1);
  const channels = images.imageShape.at(-1);
  if (expected === undefined || expected === null) return;
  const want = `${expected} ${expected === 1 ? "channel" : "channels"}, which the encoder is made for`;
  const remedy = "make it with imageShape: dataset.imageShape";
  requireThat(
    expected === channels,
    caller,
    `images of "${images.name}" must have ${want}, got ${channels}; ${remedy}`,
  );
}
