import { expect, test } from "vitest";
import { smallResNet } from "../../src/encoders/index.js";
import { randomNormal, randomUniform, type Tensor2D, type Tensor4D, variableGrads } from "../../src/engine/tensor.js";
import { useTestEngine } from "../engine/useTestEngine.js";
import { python } from "../engine/wasm/torchReference.js";

useTestEngine();

const torch = `
import torch, torch.nn.functional as F
weights = {k: torch.tensor(v, dtype=torch.float64).requires_grad_() for k, v in given["weights"].items()}
def conv(name, x, stride):
    w = weights[name + "_convolution/kernel"].permute(3, 2, 0, 1)
    return norm(name, F.conv2d(x, w, stride=stride, padding=w.shape[-1] // 2))
def norm(name, x):
    return F.batch_norm(x, None, None, weights[name + "_normalization/scale"], weights[name + "_normalization/offset"], training=True, eps=1e-5)
x = torch.tensor(given["images"], dtype=torch.float64).permute(0, 3, 1, 2)
x = conv("stem", x, 2).relu()
for i in range(1, 4):
    s = f"stage{i}"
    stride = 1 if i == 1 else 2
    shortcut = x if i == 1 else conv(s + "_shortcut", x, stride)
    x = (conv(s + "_second", conv(s + "_first", x, stride).relu(), 1) + shortcut).relu()
h = x.mean((2, 3))
z = norm("hidden", h @ weights["hidden/kernel"]).relu() @ weights["embedding/kernel"] + weights["embedding/bias"]
z = F.normalize(z)
(z * torch.tensor(given["weight"], dtype=torch.float64)).sum().backward()
answer = {"z": z.flatten().tolist(), "gradients": {k: v.grad.flatten().tolist() for k, v in weights.items()}}
`;

test("embeddings and gradients in training equal PyTorch's", async () => {
  const encoder = smallResNet({
    imageShape: [16, 16, 3],
    seed: 5,
    widths: [4, 6, 8],
    projector: { hidden: 7, dimensions: 5 },
  });
  const images = randomUniform([6, 16, 16, 3], 0, 1, "float32", 1) as Tensor4D;
  const weight = randomNormal([6, 5], 0, 1, "float32", 2) as Tensor2D;
  const variables = encoder.trainableVariables();
  const z = encoder.embed(images, { training: true });
  const { grads } = variableGrads(
    () => encoder.embed(images, { training: true }).mul(weight).sum().asScalar(),
    variables,
  );
  const plain = (name: string) => name.replace(/_\d+$/, "");
  const expected = python<{ z: number[]; gradients: Record<string, number[]> }>(torch, {
    images: await images.array(),
    weight: await weight.array(),
    weights: Object.fromEntries(variables.map((variable) => [plain(variable.name), variable.arraySync()])),
  });
  for (const [index, value] of (await z.data()).entries()) expect(value).toBeCloseTo(expected.z[index] as number, 4);
  expect(Object.keys(grads).length).toBe(Object.keys(expected.gradients).length);
  for (const [name, gradient] of Object.entries(grads)) {
    const wanted = expected.gradients[plain(name)] as number[];
    const scale = Math.max(1e-2, ...wanted.map(Math.abs));
    for (const [index, value] of (await gradient.data()).entries()) {
      expect(Math.abs(value - (wanted[index] as number)) / scale, name).toBeLessThan(2e-3);
    }
  }
});
