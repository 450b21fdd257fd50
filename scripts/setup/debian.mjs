import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { findLibtorch } from "./libtorch.mjs";
import { runLogged } from "./runLogged.mjs";

/** What the torch engine is built with and runs on; OpenBLAS, because the reference BLAS is many times slower. */
const buildPackages = ["cmake", "ninja-build", "g++"];
const enginePackages = [...buildPackages, "libtorch-dev", "libopenblas-dev"];

/** Lets the data sets decode JPEG images natively; without it they do in WebAssembly, so that nothing waits for it. */
const imagePackages = ["libjpeg-dev"];

/** The other side of the tests: stock Jupyter clients, the peers for golden values, and a browser, whose Vulkan driver WebGPU runs on. */
const testPackages = [
  "chromium",
  "jupyter-notebook",
  "libvulkan1",
  "python3-ipykernel",
  "python3-jupyter-client",
  "python3-jupyter-kernel-test",
  "python3-nbclient",
  "python3-nbconvert",
  "python3-sklearn",
  "python3-torch",
  "python3-torchvision",
];

/**
 * Makes sure of the Debian packages that a purpose needs: installs them as root, else says which line does.
 *
 * @returns whether all packages are there, whether those of the engine are, and the line that installs the rest
 */
export async function ensureDebianPackages({ purpose, log, logFile }) {
  // Whoever brings a libtorch (LIBTORCH, or PyTorch with CUDA for python3) needs none of Debian's, nor its BLAS.
  const libtorch = findLibtorch();
  const engine = libtorch && libtorch.source !== "system" ? buildPackages : enginePackages;
  const wanted = [...(purpose === "test" ? [...enginePackages, ...testPackages] : engine), ...imagePackages];
  const hasApt = isDebian() && existsSync("/usr/bin/apt-get");
  if (!hasApt) {
    const remedy = `install ${wanted.join(", ")} (or set LIBTORCH to a libtorch folder), then \`npx kontrast setup\``;
    const engineComplete = libtorch !== undefined && hasBuildTools();
    return { complete: purpose !== "test" || engineComplete, engineComplete, remedy };
  }
  const isThere = (name) => isInstalled(name) || (buildPackages.includes(name) && hasBuildTools());
  const missing = wanted.filter((name) => !isThere(name));
  if (missing.length > 0 && process.getuid?.() === 0) await install(missing, log, logFile);
  const left = wanted.filter((name) => !isThere(name));
  return {
    complete: left.length === 0,
    engineComplete: !left.some((name) => engine.includes(name)),
    remedy: `sudo apt-get install -y --no-install-recommends ${left.join(" ")} && npx kontrast setup`,
  };
}

/** They may come from elsewhere, such as CMake and Ninja from pip. */
function hasBuildTools() {
  return ["cmake", "ninja", "c++"].every((program) => !spawnSync(program, ["--version"], { stdio: "ignore" }).error);
}

async function install(missing, log, logFile) {
  log(`installing the Debian packages ${missing.join(", ")}`);
  const options = { logFile, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  try {
    await runLogged("apt-get", ["update"], options);
    await runLogged("apt-get", ["install", "-y", "--no-install-recommends", ...missing], options);
  } catch (error) {
    // Not fatal here: an offline machine still gets the wasm engine; the tests check `complete` and stop.
    log(error.message);
  }
}

function isDebian() {
  return (
    existsSync("/etc/os-release") && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync("/etc/os-release", "utf8"))
  );
}

function isInstalled(name) {
  try {
    const record = execFileSync("dpkg-query", ["--status", name], { stdio: ["ignore", "pipe", "ignore"] });
    return record.includes("\nStatus: install ok installed\n");
  } catch {
    return false; // dpkg-query exits with 1 for a package that it does not know
  }
}
