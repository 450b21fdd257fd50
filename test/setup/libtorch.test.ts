import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";

interface Libtorch {
  root: string;
  source: string;
  version: string;
  libraries: string;
  cuda: boolean;
  cudaHeaders: string[];
  standard: number;
  abi: string;
}
interface Search {
  env: Record<string, string>;
  system: string[];
  python: string;
  gpu: boolean;
  toolkits: string[];
}
interface Module {
  findLibtorch(search: Search): Libtorch | undefined;
  libtorchStamp(libtorch: Libtorch): string;
  describeLibtorch(libtorch: Libtorch): string;
}
// The setup scripts run before anything is compiled, so they are plain JavaScript.
const { findLibtorch, libtorchStamp, describeLibtorch }: Module = await import(
  pathToFileURL("scripts/setup/libtorch.mjs").href
);

const home = mkdtempSync(join(tmpdir(), "kontrast-libtorch-"));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function file(path: string, text = ""): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A folder that looks like a libtorch. */
function standIn(name: string, version: string, { cuda = false, library = "lib", abi = "" } = {}): string {
  const root = join(home, name);
  const numbers = version.split(".");
  const defines = ["MAJOR", "MINOR", "PATCH"].map((part, i) => `#define TORCH_VERSION_${part} ${numbers[i]}\n`);
  file(join(root, "include/torch/csrc/api/include/torch/version.h"), defines.join(""));
  file(join(root, library, "libtorch_cpu.so"));
  if (cuda) file(join(root, library, "libtorch_cuda.so"));
  if (abi) file(join(root, "share/cmake/Torch/TorchConfig.cmake"), `set(TORCH_CXX_FLAGS "${abi}")\n`);
  return root;
}

const nothing = { env: {}, system: [], python: "", gpu: false, toolkits: [] };

test("without a GPU the system's comes before python3's", () => {
  const system = standIn("usr", "1.13.0", { library: "lib/x86_64-linux-gnu" });
  const python = standIn("site-packages/torch", "2.11.0", { cuda: true });
  const found = findLibtorch({ ...nothing, system: [join(home, "empty"), system], python });
  expect(found).toEqual({
    root: system,
    source: "system",
    version: "1.13.0",
    libraries: join(system, "lib/x86_64-linux-gnu"),
    cuda: false,
    cudaHeaders: [],
    standard: 17,
    abi: "",
  });
  expect(findLibtorch({ ...nothing, python })?.root).toBe(python);
  expect(findLibtorch(nothing)).toBeUndefined();
});

test("with a GPU the first that has CUDA is taken, else the system's", () => {
  const system = standIn("usr", "2.6.0");
  const python = standIn("site-packages/torch", "2.11.0", { cuda: true });
  const gpu = { ...nothing, system: [system], gpu: true };
  expect(findLibtorch({ ...gpu, python })).toMatchObject({ source: "python3", cuda: true, standard: 20 });
  expect(findLibtorch({ ...gpu, python: standIn("other/torch", "2.11.0") })?.source).toBe("system");
  const ours = standIn("usr2", "2.6.0", { cuda: true });
  expect(findLibtorch({ ...gpu, system: [ours], python })?.root).toBe(ours);
});

test("CUDA counts from 2.4 on", () => {
  const system = standIn("usr", "2.3.1", { cuda: true });
  expect(findLibtorch({ ...nothing, system: [system], gpu: true })?.cuda).toBe(false);
});

test("LIBTORCH comes first, as a folder or as PyTorch's cmake_prefix_path", () => {
  const system = standIn("usr", "2.6.0", { cuda: true });
  const root = standIn("libtorch", "2.4.1", { abi: "-D_GLIBCXX_USE_CXX11_ABI=0" });
  const search = (LIBTORCH: string) => findLibtorch({ ...nothing, env: { LIBTORCH }, system: [system], gpu: true });
  expect(search(root)).toMatchObject({ root, source: "LIBTORCH", standard: 17, abi: "-D_GLIBCXX_USE_CXX11_ABI=0" });
  expect(search(join(root, "share/cmake"))?.root).toBe(root);
  expect(() => search(join(home, "gone"))).toThrow(
    `native engine: LIBTORCH names ${join(home, "gone")}, which does not exist; unset it to use the system's`,
  );
  mkdirSync(join(home, "empty"));
  expect(() => search(join(home, "empty"))).toThrow("which holds no libtorch (include/torch and lib/libtorch_cpu.so)");
});

test("CUDA's headers are those of a toolkit, else of pip's packages beside torch", () => {
  const python = standIn("site-packages/torch", "2.11.0", { cuda: true });
  const headers = (env: Record<string, string> = {}) => {
    const found = findLibtorch({ ...nothing, env, python, gpu: true });
    return { folders: found?.cudaHeaders, text: found && describeLibtorch(found) };
  };
  expect(headers().text).toContain("no CUDA headers: without graphs");
  const runtime = join(home, "site-packages/nvidia/cu13/include");
  file(join(runtime, "cuda_runtime_api.h"));
  expect(headers().folders).toEqual([]); // half of them do not compile
  const compiler = join(home, "site-packages/nvidia/cuda_crt/include");
  file(join(compiler, "crt/host_defines.h"));
  expect(headers().folders).toEqual([runtime, compiler]);
  expect(headers().text).toBe(`libtorch 2.11.0 of python3 with CUDA (${python})`);
  const toolkit = join(home, "cuda/include");
  for (const name of ["cuda_runtime_api.h", "crt/host_defines.h"]) file(join(toolkit, name));
  expect(headers({ CUDA_HOME: join(home, "cuda") }).folders).toEqual([toolkit]);
});

test("another version, folder, CUDA or build of libtorch makes another stamp", () => {
  const stamp = (root: string) => libtorchStamp(findLibtorch({ ...nothing, system: [root] }) as Libtorch);
  const root = standIn("a", "2.6.0");
  const first = stamp(root);
  expect(stamp(root)).toBe(first);
  expect(stamp(standIn("b", "2.6.0"))).not.toBe(first);
  standIn("a", "2.7.0");
  expect(stamp(root)).not.toBe(first);
  standIn("a", "2.6.0", { cuda: true });
  expect(stamp(root)).not.toBe(first);
  rmSync(join(root, "lib/libtorch_cuda.so"));
  utimesSync(join(root, "lib/libtorch_cpu.so"), 1, 1); // the same version, installed anew
  expect(stamp(root)).not.toBe(first);
});
