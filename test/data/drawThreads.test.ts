import { describe, expect, test } from "vitest";
import { shapeWorld } from "../../src/data/shapes/world.js";
import { drawImages, type Order } from "../../src/data/synthetic/drawings.js";
import { drawAmong, drawInThreads } from "../../src/data/synthetic/drawThreads.js";

const world = shapeWorld({ size: 16 });
const order = (count: number): Order => ({
  kind: "shapes",
  world,
  extent: 768,
  ids: Int32Array.from({ length: count }, (_, at) => 3 * at),
});

/** Draws here and notes how many images it was asked for. */
function counted() {
  const asked: number[] = [];
  const draw = async (part: Order) => {
    asked.push(part.ids.length);
    return drawImages(part);
  };
  return { asked, draw };
}

describe("drawAmong", () => {
  test.each([
    [1, 33, [33]],
    [8, 33, [32, 1]],
    [8, 256, [32, 32, 32, 32, 32, 32, 32, 32]],
    [3, 300, [100, 100, 100]],
    [7, 300, [43, 43, 43, 43, 43, 43, 42]],
  ])("%d threads share %d images", async (count, images, expected) => {
    const { asked, draw } = counted();
    const drawn = await drawAmong(count, draw, order(images));
    expect(Buffer.from(drawn).equals(drawImages(order(images)))).toBe(true);
    expect(asked).toEqual(expected);
  });

  test("an error of one is the error of all", async () => {
    const { draw } = counted();
    const broken = (part: Order) => (part.ids[0] === 192 ? Promise.reject(new Error("no ink")) : draw(part));
    await expect(drawAmong(3, broken, order(96))).rejects.toThrow("no ink");
  });
});

test("an error within a thread reaches who asked, and the thread goes on", async () => {
  const unknown = { ...order(40), kind: "stripes" } as unknown as Order;
  await expect(drawInThreads(unknown)).rejects.toThrow("is not a function");
  expect(await drawInThreads(order(40))).toEqual(drawImages(order(40)));
});
