import { execFileSync } from "node:child_process";

/** One call of a torchvision function on a batch; `images` [n, h, w, c] comes back changed. */
export interface Call {
  readonly images: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** Per image, the functions to apply one after the other: name and arguments after the image. */
  readonly steps: readonly (readonly (readonly [string, ...(number | readonly number[])[]])[])[];
}

const script = `
import base64, json, sys
import numpy, torch
import torchvision.transforms.functional as F

def resized_crop(x, top, left, height, width, size):
    return F.resized_crop(x, top, left, height, width, size, F.InterpolationMode.BILINEAR, antialias=False)

def gaussian_blur(x, kernel, sigma):
    return F.gaussian_blur(x, [kernel, kernel], [sigma, sigma])

def run(call):
    x = numpy.frombuffer(base64.b64decode(call["images"]), numpy.float32).reshape(call["shape"])
    views = []
    for image, steps in zip(torch.from_numpy(x.copy()).permute(0, 3, 1, 2), call["steps"]):
        for name, *arguments in steps:
            image = (globals().get(name) or getattr(F, name))(image, *arguments)
        views.append(image.permute(1, 2, 0))
    y = torch.stack(views).contiguous().numpy().astype(numpy.float32)
    return {"shape": y.shape, "values": base64.b64encode(y.tobytes()).decode()}

json.dump([run(call) for call in json.load(sys.stdin)], sys.stdout)
`;

/** Runs torchvision's own functions on tensors; one interpreter for all calls, because it takes seconds to start. */
export function torchvision(calls: readonly Call[]): { shape: number[]; values: Float32Array }[] {
  const input = calls.map(({ images, shape, steps }) => ({ images: base64(images), shape, steps }));
  const output = execFileSync("/usr/bin/python3", ["-c", script], {
    input: JSON.stringify(input),
    maxBuffer: 1 << 28,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "inherit"],
  });
  return (JSON.parse(output) as { shape: number[]; values: string }[]).map(({ shape, values }) => {
    const bytes = Buffer.from(values, "base64");
    return { shape, values: new Float32Array(Uint8Array.from(bytes).buffer) };
  });
}

function base64(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}
