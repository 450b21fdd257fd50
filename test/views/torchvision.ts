import { python } from "./python.js";

type Argument = number | string | boolean | readonly number[];

/** One call of a torchvision function on a batch; `images` [n, h, w, c] comes back changed. */
export interface Call {
  readonly images: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** Per image, the functions to apply one after the other: name and arguments after the image. */
  readonly steps: readonly (readonly (readonly [string, ...Argument[]])[])[];
}

const script = `
import base64, json, sys
import numpy, torch
import torchvision.transforms.functional as F
import torchvision.transforms.functional_tensor as functional_tensor

def resized_crop(x, top, left, height, width, size, antialias):
    return F.resized_crop(x, top, left, height, width, size, F.InterpolationMode.BILINEAR, antialias=antialias)

def resized_crop_of_pillow(x, top, left, height, width, size):
    image = F.to_pil_image((x * 255).round().to(torch.uint8))
    return F.to_tensor(F.resized_crop(image, top, left, height, width, size, F.InterpolationMode.BILINEAR))

def gaussian_blur(x, kernel, sigma):
    return F.gaussian_blur(x, [kernel, kernel], [sigma, sigma])

def of_bytes(change):
    """A function of bytes on values in [0, 1]."""
    return lambda x, *arguments: change((x * 255).round().to(torch.uint8), *arguments).float() / 255

posterize, equalize = of_bytes(F.posterize), of_bytes(F.equalize)

def rotate(x, angle, interpolation, fill):
    return F.rotate(x, angle, F.InterpolationMode(interpolation), fill=[fill])

def affine(x, angle, translate, scale, shear, interpolation, fill):
    return F.affine(x, angle, translate, scale, shear, F.InterpolationMode(interpolation), [fill])

def perspective(x, corners, fill):
    """In double; F.perspective itself finds its coefficients in float32, with errors of some 1e-4."""
    height, width = x.shape[1:]
    start = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
    end = [corners[i : i + 2] for i in (0, 2, 4, 6)]
    rows = []
    for (u, v), (a, b) in zip(end, start):
        rows += [[u, v, 1, 0, 0, 0, -a * u, -a * v], [0, 0, 0, u, v, 1, -b * u, -b * v]]
    coefficients = numpy.linalg.solve(numpy.array(rows, float), numpy.array(start, float).reshape(8)).tolist()
    view = functional_tensor.perspective(x.double(), coefficients, "bilinear", [fill]).float()
    assert (view - F.perspective(x, start, end, fill=[fill])).abs().max() < 5e-2
    return view

def erase(x, top, left, height, width, value):
    return F.erase(x, top, left, height, width, torch.tensor(value)[:, None, None])

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
  const output = python(script, input) as { shape: number[]; values: string }[];
  return output.map(({ shape, values }) => {
    const bytes = Buffer.from(values, "base64");
    return { shape, values: new Float32Array(Uint8Array.from(bytes).buffer) };
  });
}

function base64(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}
