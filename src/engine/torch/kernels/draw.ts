import type { DrawAttrs, KernelConfig } from "../../tensor.js";
import { type Inputs, kernel } from "../kernel.js";

/** float32 images hold shares of white, int32 images bytes. */
const white = { float32: 1, int32: 255 } as const;

/**
 * Draws an image [height, width] or [height, width, 1, 3 or 4] on a canvas, which takes its size; in Node, canvases come
 * from packages such as `@napi-rs/canvas`.
 *
 * @throws Error `Context type webgl is not supported by the torch engine.`
 * @throws Error `Tensor values for a float32 Tensor must be in the range [0 - 1] but encountered 1.5.`
 */
export const draw: KernelConfig[] = [
  kernel<Inputs<"image">, DrawAttrs>("Draw", ({ torch, inputs: { image }, attrs: { canvas, options } }) => {
    const { contextType = "2d", contextAttributes = {} } = options?.contextOptions ?? {};
    if (contextType !== "2d") throw new Error(`Context type ${contextType} is not supported by the torch engine.`);
    const context = canvas.getContext(contextType, contextAttributes) as CanvasRenderingContext2D | null;
    if (!context) throw new Error(`Could not get the context with ${contextType} type.`);
    const [height = 0, width = 0, channels = 1] = image.shape;
    const values = torch.readSync(image.dataId) as Float32Array | Int32Array;
    const most = white[image.dtype as keyof typeof white];
    const wrong = values.find((value: number) => !(value >= 0 && value <= most));
    if (wrong !== undefined) {
      const range = `in the range [0 - ${most}] but encountered ${wrong}.`;
      throw new Error(`Tensor values for a ${image.dtype} Tensor must be ${range}`);
    }
    canvas.width = width;
    canvas.height = height;
    const picture = context.createImageData(width, height);
    const opacity = 255 * (options?.imageOptions?.alpha || 1); // 0 counts as not given, as in tfjs
    for (let pixel = 0; pixel < width * height; pixel++) {
      for (let channel = 0; channel < 4; channel++) {
        const from = channels === 1 && channel < 3 ? 0 : channel;
        const value = from < channels ? ((values[pixel * channels + from] ?? 0) * 255) / most : 0;
        picture.data[4 * pixel + channel] = Math.round(channel === 3 && channels < 4 ? opacity : value);
      }
    }
    context.putImageData(picture, 0, 0);
    return image; // not a new tensor: nobody would dispose of it
  }),
];
