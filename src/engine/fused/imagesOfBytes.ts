import { engine, type NamedAttrMap, type Tensor, type Tensor4D, tensor4d } from "../tensor.js";
import { hasKernel, ImagesOfBytes } from "./kernelNames.js";

/** Images of one shape, one byte per value, whole images after each other. */
interface ByteImages {
  readonly bytes: Uint8Array;
  /** Height, width, channels. */
  readonly shape: readonly [number, number, number];
}

/** value / 255 for each byte: looking up is faster than dividing. */
const shares = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/**
 * The images at some positions on the engine, float32 [n, height, width, channels] in [0, 1], each byte / 255; where the
 * engine can, straight from the bytes.
 *
 * @param positions of images, each in [0, images), checked by the caller
 */
export function imagesOfBytes({ bytes, shape }: ByteImages, positions: Int32Array): Tensor4D {
  if (hasKernel(ImagesOfBytes)) {
    const attributes = { bytes, positions, shape } as unknown as NamedAttrMap;
    return engine().runKernel<Tensor>(ImagesOfBytes, {}, attributes) as Tensor4D;
  }
  const extent = shape[0] * shape[1] * shape[2];
  const values = new Float32Array(positions.length * extent);
  let at = 0;
  for (const position of positions) {
    const end = (position + 1) * extent;
    for (let from = position * extent; from < end; from++) values[at++] = shares[bytes[from] as number] as number;
  }
  return tensor4d(values, [positions.length, ...shape], "float32");
}
