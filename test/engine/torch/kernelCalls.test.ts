import { expect, test } from "vitest";
import { getKernelsForBackend, setBackend, type Tensor, test_util, tidy } from "../../../src/engine/tensor.js";
import { start } from "../../../src/engine/torch/index.js";
import { type Attributes, callOf, type Input } from "./kernelCalls.js";
import { made, runCall } from "./runCall.js";

await start();
const shared = getKernelsForBackend("cpu").map(({ kernelName }) => kernelName);

/** Kernels that cannot give what tfjs's CPU backend gives. */
const others: Readonly<Record<string, string>> = {
  Multinomial: "draws",
  AvgPoolGrad: "tfjs divides by the whole window, its forward pass by the pixels that are there",
  AvgPool3DGrad: "as AvgPoolGrad",
  ResizeBilinearGrad: "tfjs confuses height and width",
  ResizeNearestNeighborGrad: "tfjs is wrong from the second image on",
  Draw: "needs a global ImageData in tfjs; tested in draw.test.ts",
};

async function results(backend: string, kernelName: string) {
  await setBackend(backend);
  return tidy(() =>
    runCall(kernelName, callOf(kernelName)).map((x: Tensor) => [x.dtype, x.shape, x.dataSync()] as const),
  );
}

test.each(shared.filter((name) => !others[name]))("%s gives what tfjs's CPU backend gives", async (kernelName) => {
  const expected = await results("cpu", kernelName);
  const actual = await results("torch", kernelName);
  const headers = (all: typeof actual) => all.map(([dtype, shape]) => [dtype, shape]);
  expect(headers(actual)).toEqual(headers(expected));
  expected.forEach(([, , values], i) => {
    test_util.expectArraysClose(Array.from(actual[i]?.[2] ?? []), Array.from(values), 1e-4);
  });
});

const linear = ["AvgPool", "AvgPool3D", "ResizeBilinear", "ResizeNearestNeighbor"];

test.each(linear)("%sGrad is the transposed of %s", async (kernelName) => {
  await setBackend("torch");
  tidy(() => {
    const [inputs, attributes] = callOf(`${kernelName}Grad`) as [Record<string, Input>, Attributes];
    const image = (inputs["input"] ?? inputs["images"]) as Input;
    const [y] = runCall(kernelName, [{ x: image, images: image }, attributes]);
    const [dx] = runCall(`${kernelName}Grad`, [inputs, attributes]);
    const scalarProduct = (a: Tensor | undefined, b: Input) => (a as Tensor).mul(made(b)).sum().dataSync()[0] as number;
    expect(scalarProduct(y, inputs["dy"] as Input)).toBeCloseTo(scalarProduct(dx, image), 4);
  });
});
