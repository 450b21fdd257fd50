import { describe, expect, test } from "vitest";
import { resNet18 } from "../../src/encoders/index.js";
import { engine, withPrecision } from "../../src/engine/index.js";
import { randomNormal, randomUniform, type Tensor, type Tensor2D, type Tensor4D } from "../../src/engine/tensor.js";
import { variableGradients } from "../../src/engine/variableGradients.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { python } from "../engine/wasm/torchReference.js";

useTestEngine();

/** torchvision's resnet18 with the weights given, our stem for small images, and our projector. */
const torchvision = `
import torch, torchvision, base64, numpy
def read(text, shape):
    return torch.tensor(numpy.frombuffer(base64.b64decode(text), dtype=numpy.float32).reshape(shape).copy())
weights = [read(w["values"], w["shape"]) for w in given["weights"]]
def build(stem):
    model = torchvision.models.resnet18()
    if stem == "small":
        model.conv1 = torch.nn.Conv2d(3, 64, 3, 1, padding=1, bias=False)
        model.maxpool = torch.nn.Identity()
    hidden, z = torch.nn.Linear(512, given["hidden"], bias=False), torch.nn.Linear(given["hidden"], given["dimensions"])
    model.fc = torch.nn.Sequential(hidden, torch.nn.BatchNorm1d(given["hidden"]), torch.nn.ReLU(), z)
    return model
model = build(given["stem"]).train()
parameters = dict(model.named_parameters())
def ours(name):  # torchvision's name of each of our weights, in our order
    layer, kind = name.split("/")
    kind = {"kernel": "weight", "scale": "weight", "offset": "bias", "bias": "bias"}[kind]
    if layer == "hidden": return "fc.0." + kind
    if layer == "hidden_normalization": return "fc.1." + kind
    if layer == "embedding": return "fc.3." + kind
    part = "conv" if layer.endswith("convolution") else "bn"
    if layer.startswith("stem"): return part + "1." + kind
    stage, block, place, _ = layer.split("_")
    where = f"layer{stage[-1]}.{int(block[-1]) - 1}."
    if place == "shortcut": return where + ("downsample.0." if part == "conv" else "downsample.1.") + kind
    return where + part + {"first": "1.", "second": "2."}[place] + kind
names = [ours(name) for name in given["names"]]
assert sorted(names) == sorted(parameters), set(names) ^ set(parameters)
def turned(w): return w.permute(3, 2, 0, 1) if w.dim() == 4 else w.T if w.dim() == 2 else w
def back(g): return g.permute(2, 3, 1, 0) if g.dim() == 4 else g.T if g.dim() == 2 else g
with torch.no_grad():
    for name, w in zip(names, weights): parameters[name].copy_(turned(w))
x = read(given["images"]["values"], given["images"]["shape"]).permute(0, 3, 1, 2)
weight = read(given["weight"]["values"], given["weight"]["shape"])
with torch.autocast("cpu", dtype=torch.bfloat16, enabled=given["precision"] == "bfloat16"):
    z = model(x)
z = torch.nn.functional.normalize(z.float())
(z * weight).sum().backward()
def norms(g): return [g.norm().item(), (g * torch.arange(g.numel()).reshape(g.shape).cos()).sum().item()]
plain = torchvision.models.resnet18()
parts = [plain.fc, *([plain.conv1] if given["stem"] == "small" else [])]
backbone = sum(p.numel() for p in plain.parameters()) - sum(p.numel() for part in parts for p in part.parameters())
answer = {"z": z.flatten().tolist(), "gradients": [norms(back(parameters[name].grad).float()) for name in names],
  "parameters": backbone + (64 * 3 * 3 * 3 if given["stem"] == "small" else 0)}
`;

interface Answer {
  readonly z: readonly number[];
  /** Of each gradient its length and its product with cos(0), cos(1), …. */
  readonly gradients: readonly (readonly [number, number])[];
  /** Of the backbone. */
  readonly parameters: number;
}

const projector = { hidden: 32, dimensions: 16 };

type Stem = "small" | "large";
type Scheme = "float32" | "bfloat16";
type Network = ReturnType<typeof network>;

/** Eleven million weights take a while to draw, so each network is made once. */
const made: Partial<Record<Stem, Network>> = {};

function network(stem: Stem, size: number) {
  const images = randomUniform([8, size, size, 3], 0, 1, "float32", 1) as Tensor4D;
  const weight = randomNormal([8, 16], 0, 1, "float32", 2) as Tensor2D;
  return { stem, images, weight, encoder: resNet18({ imageShape: [size, size, 3], seed: 3, stem, projector }) };
}

function small(): Network {
  made.small ??= network("small", 16);
  return made.small;
}

function large(): Network {
  made.large ??= network("large", 48);
  return made.large;
}

function ours({ encoder, images, weight }: Network, precision: Scheme) {
  const options = { training: true, updateStatistics: false };
  const variables = encoder.trainableVariables();
  const [z, grads] = withPrecision(precision, () => [
    encoder.embed(images, options),
    variableGradients(() => encoder.embed(images, options).mul(weight).sum().asScalar(), variables).grads,
  ]) as [Tensor2D, Record<string, Tensor>];
  return { z: z.dataSync(), gradients: variables.map(({ name }) => grads[name]?.dataSync() as Float32Array) };
}

function pytorch({ stem, encoder, images, weight }: Network, precision: Scheme): Answer {
  const variables = encoder.trainableVariables();
  const names = variables.map(({ name }) => name.replace(/_\d+$/, ""));
  const tensors = { images: encoded(images), weight: encoded(weight), weights: variables.map(encoded) };
  return python<Answer>(torchvision, { ...projector, stem, precision, ...tensors, names });
}

const encoded = (x: { shape: number[]; dataSync(): unknown }) => {
  const values = x.dataSync() as Float32Array;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { shape: x.shape, values: bytes.toString("base64") };
};
const largest = (a: ArrayLike<number>, b: readonly number[]) =>
  b.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (a[index] as number))), 0);

/** Length and product with a wave. */
function summary(gradient: Float32Array): [number, number] {
  let [squares, wave] = [0, 0];
  for (const [index, value] of gradient.entries()) {
    squares += value * value;
    wave += value * Math.cos(index);
  }
  return [Math.sqrt(squares), wave];
}

describe("resNet18", () => {
  test.each([
    ["small", small],
    ["large", large],
  ] as const)("with the %s stem has torchvision's embeddings, gradients and parameters", (_, make) => {
    const { z, gradients } = ours(make(), "float32");
    const expected = pytorch(make(), "float32");
    expect(largest(z, expected.z)).toBeLessThan(1e-3);
    for (const [index, gradient] of gradients.entries()) {
      const [length, wave] = summary(gradient);
      const [wantedLength, wantedWave] = expected.gradients[index] as [number, number];
      expect(Math.abs(length - wantedLength)).toBeLessThan(1e-2 * wantedLength + 1e-5);
      expect(Math.abs(wave - wantedWave)).toBeLessThan(2e-2 * wantedLength + 1e-5);
    }
    const sizes = make().encoder.backbone.trainableWeights.map((weight) => weight.read().size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(expected.parameters);
  });

  test("in bfloat16 is as close to float32 as PyTorch's autocast", (context) => {
    if (engine.current().name !== "torch") return context.skip();
    const exact = ours(small(), "float32");
    const reduced = ours(small(), "bfloat16");
    const autocast = pytorch(small(), "bfloat16");
    const error = largest(reduced.z, [...exact.z]);
    expect(error).toBeGreaterThan(1e-5); // it did compute in bfloat16
    expect(error).toBeLessThan(2 * largest(exact.z, autocast.z) + 0.01);
    for (const [index, gradient] of reduced.gradients.entries()) {
      const [length] = summary(gradient);
      const [wanted] = autocast.gradients[index] as [number, number];
      expect(Math.abs(length - wanted)).toBeLessThan(0.2 * wanted);
    }
  });

  test("has the same weights for the same seed, and others for another", () => {
    // the stems differ in size, all other kernels do not
    const kernelOf = ({ encoder }: Network) => encoder.trainableVariables()[3]?.dataSync() as Float32Array;
    expect(kernelOf(small())).toEqual(kernelOf(large()));
    const other = resNet18({ imageShape: [8, 8, 3], seed: 4 });
    expect(kernelOf(small())).not.toEqual(other.trainableVariables()[3]?.dataSync());
  });

  test("names what it was given wrong", () => {
    const build = (options: object) => () => resNet18({ imageShape: [8, 8, 3], seed: 0, ...options });
    expect(build({ stem: "tiny" })).toThrow('resNet18: stem must be one of "small", "large", got "tiny"');
    expect(build({ projector: { hidden: 0 } })).toThrow("resNet18: projector.hidden must be an integer >= 1, got 0");
  });
});
