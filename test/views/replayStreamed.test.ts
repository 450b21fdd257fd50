import { expect, test } from "vitest";
import { batchOf, shapes } from "../../src/data/index.js";
import { makeView, policies, replay } from "../../src/views/index.js";
import { streamed } from "../data/streamed.js";
import { useTestEngine } from "../engine/useTestEngine.js";

useTestEngine();

test("views of data that are read piece by piece are replayed bit for bit", async () => {
  const data = shapes({ count: 9, size: 16, firstId: 40 });
  const { images, refs } = makeView(batchOf(data, [8, 2]), policies.moco(), { seed: 3, view: 1, step: 5 });
  const again = await replay(streamed(data), refs, policies.moco());
  expect(await again.data()).toEqual(await images.data());
  expect(() => replay(streamed(shapes({ count: 9, size: 16 })), refs, policies.moco())).toThrow(
    "replay: the data must contain item 48",
  );
});
