// Finds the libtorch that the native engine is built with.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** The first release whose CUDA functions the engine is written for, and the first whose headers ask for C++20. */
const firstWithCuda = 204;
const firstWithCxx20 = 209;

/**
 * One libtorch.
 *
 * @typedef {object} Libtorch
 * @property {string} root the folder that holds `include`
 * @property {"LIBTORCH" | "system" | "python3"} source who named it
 * @property {string} version such as "2.6.0"
 * @property {string} libraries the folder of libtorch_cpu.so
 * @property {boolean} cuda whether it computes on NVIDIA's GPUs
 * @property {string[]} cudaHeaders folders of CUDA's headers; none: the engine goes without graphs and memory facts
 * @property {17 | 20} standard the C++ standard that its headers ask for
 * @property {string} abi the compiler flag of its C++ ABI, or ""
 */

/**
 * Finds libtorch: what LIBTORCH names, else the system's, else that of python3's PyTorch; on a machine with an NVIDIA
 * GPU the first of the latter two that has CUDA.
 *
 * @param options.env default: the process's environment
 * @param options.system folders that may hold `include` and `lib`; default: /usr and /usr/local
 * @param options.python the folder of python3's package torch; default: python3 is asked
 * @param options.gpu whether there is an NVIDIA GPU; default: looked up
 * @param options.toolkits folders that may hold CUDA's headers, after CUDA_HOME; default: /usr/local/cuda and /usr
 * @returns {Libtorch | undefined} undefined: there is none
 * @throws Error where LIBTORCH names no libtorch
 */
export function findLibtorch({
  env = process.env,
  system = ["/usr", "/usr/local"],
  python,
  gpu,
  toolkits = ["/usr/local/cuda", "/usr"],
} = {}) {
  const cudaHomes = env.CUDA_HOME ? [env.CUDA_HOME, ...toolkits] : toolkits;
  if (env.LIBTORCH) return named(env.LIBTORCH, cudaHomes);
  const fromSystem = system.map((root) => libtorchIn(root, "system", cudaHomes)).find(Boolean);
  const wantsCuda = gpu ?? hasGpu();
  if (fromSystem && (fromSystem.cuda || !wantsCuda)) return fromSystem;
  const folder = python === undefined ? pythonsTorch() : python;
  const fromPython = folder ? libtorchIn(folder, "python3", cudaHomes) : undefined;
  return fromPython && (fromPython.cuda || !fromSystem) ? fromPython : fromSystem;
}

/** LIBTORCH may also be `torch.utils.cmake_prefix_path`, which is ROOT/share/cmake. */
function named(folder, cudaHomes) {
  if (!existsSync(folder)) {
    throw new Error(`native engine: LIBTORCH names ${folder}, which does not exist; unset it to use the system's`);
  }
  const found =
    libtorchIn(resolve(folder), "LIBTORCH", cudaHomes) ?? libtorchIn(resolve(folder, "../.."), "LIBTORCH", cudaHomes);
  if (found) return found;
  throw new Error(
    `native engine: LIBTORCH names ${folder}, which holds no libtorch (include/torch and lib/libtorch_cpu.so); ` +
      "unset it to use the system's",
  );
}

function libtorchIn(root, source, cudaHomes) {
  const header = join(root, "include/torch/csrc/api/include/torch/version.h");
  const libraries = [join(root, "lib"), ...multiarch(join(root, "lib"))].find((folder) =>
    existsSync(join(folder, "libtorch_cpu.so")),
  );
  if (!existsSync(header) || !libraries) return undefined;
  const [major, minor, patch] = ["MAJOR", "MINOR", "PATCH"].map((part) =>
    Number(new RegExp(`TORCH_VERSION_${part}\\s+(\\d+)`).exec(readFileSync(header, "utf8"))?.[1] ?? 0),
  );
  const number = major * 100 + minor;
  const cuda = number >= firstWithCuda && existsSync(join(libraries, "libtorch_cuda.so"));
  return {
    root,
    source,
    version: `${major}.${minor}.${patch}`,
    libraries,
    cuda,
    cudaHeaders: cuda ? cudaHeaderFolders(root, cudaHomes) : [],
    standard: number >= firstWithCxx20 ? 20 : 17,
    abi: abiFlag(root, libraries),
  };
}

/** Debian's own lib/x86_64-linux-gnu and the like. */
function multiarch(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith("-linux-gnu"))
    .map((name) => join(folder, name));
}

/**
 * Of a toolkit (CUDA_HOME, /usr/local/cuda, Debian's /usr), else of the packages that pip installs beside torch: CUDA 12
 * has one folder per library, CUDA 13 one for all, but the compiler's part may lie in another.
 */
function cudaHeaderFolders(root, cudaHomes) {
  const beside = join(root, "..", "nvidia");
  const pip = existsSync(beside) ? readdirSync(beside).map((name) => join(beside, name, "include")) : [];
  const has = (folder, file) => existsSync(join(folder, file));
  const whole = cudaHomes
    .map((folder) => join(folder, "include"))
    .find((folder) => has(folder, "cuda_runtime_api.h") && has(folder, "crt/host_defines.h"));
  if (whole) return [whole];
  const parts = ["cuda_runtime_api.h", "crt/host_defines.h"].map((file) => pip.find((folder) => has(folder, file)));
  return parts.every(Boolean) ? [...new Set(parts)] : [];
}

/** pip's PyTorch before 2.6 is built with the C++ ABI of 2011's predecessors; mixing the two does not link. */
function abiFlag(root, libraries) {
  for (const file of [
    join(root, "share/cmake/Torch/TorchConfig.cmake"),
    join(libraries, "cmake/Torch/TorchConfig.cmake"),
  ]) {
    const flag = existsSync(file) && /-D_GLIBCXX_USE_CXX11_ABI=[01]/.exec(readFileSync(file, "utf8"));
    if (flag) return flag[0];
  }
  return "";
}

/** Without importing it, which takes seconds. */
function pythonsTorch() {
  const script =
    "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')";
  const asked = spawnSync("python3", ["-c", script], { encoding: "utf8" });
  return asked.status === 0 ? asked.stdout.trim() || undefined : undefined;
}

function hasGpu() {
  return existsSync("/dev/nvidia0") || spawnSync("nvidia-smi", ["-L"], { stdio: "ignore" }).status === 0;
}

/** One line per fact that a build depends on: another version, folder, build or CUDA toolkit makes another text. */
export function libtorchStamp(libtorch) {
  const { size, mtimeMs } = statSync(join(libtorch.libraries, "libtorch_cpu.so"));
  return JSON.stringify([libtorch, size, mtimeMs]);
}

/** Such as `libtorch 2.6.0 of python3 with CUDA (/usr/lib/python3/dist-packages/torch)`. */
export function describeLibtorch({ version, source, cuda, root, cudaHeaders }) {
  const parts = cuda ? (cudaHeaders.length > 0 ? " with CUDA" : " with CUDA (no CUDA headers: without graphs)") : "";
  return `libtorch ${version} ${source === "system" ? "of the system" : `of ${source}`}${parts} (${root})`;
}
