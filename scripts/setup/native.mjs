// Builds the native engine, native/build/kontrast.node, from the sources that lie in this package.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findJpegTurbo } from "./jpegTurbo.mjs";
import { describeLibtorch, findLibtorch, libtorchStamp } from "./libtorch.mjs";

const aptLine = "apt-get install cmake ninja-build g++ libtorch-dev libopenblas-dev libjpeg-dev";

/**
 * Builds the native engine unless an up-to-date one is there.
 *
 * @param options.root folder of the package, the one that holds `native/`; default: the package of this file
 * @param options.log receives one line; default: standard output
 * @returns {Promise<{ built: boolean, file: string }>} whether anything had to be built, and the addon
 * @throws Error of one line that names what is missing and the way out
 */
export async function buildNative({ root = packageRoot(), log = console.log } = {}) {
  const build = join(root, "native", "build");
  const file = join(build, "kontrast.node");
  for (const program of ["cmake", "ninja", "c++"]) requireProgram(program);
  const libtorch = findLibtorch();
  if (!libtorch) {
    throw new Error(
      `native engine: libtorch is not installed; as root run ${aptLine}, or install PyTorch for python3, or set ` +
        "LIBTORCH to an unpacked libtorch",
    );
  }
  const jpegTurbo = findJpegTurbo();
  const stamp = stampOf(root, libtorch, jpegTurbo);
  const stampFile = join(build, "stamp");
  const jpegFile = join(build, "jpeg.node");
  const wholeStamp = () => `${stamp} ${sizeOf(file)} ${sizeOf(jpegFile)}`;
  if (existsSync(file) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === wholeStamp()) {
    log("native engine: up to date");
    return { built: false, file };
  }
  log(`building the native engine with ${describeLibtorch(libtorch)}, which takes one to two minutes`);
  const start = performance.now();
  mkdirSync(build, { recursive: true });
  // a damaged file is not old enough for ninja, and one that is not built any more is not to be found
  for (const old of [stampFile, file, jpegFile]) rmSync(old, { force: true });
  run("configure", "cmake", configureArguments(root, build, libtorch, jpegTurbo));
  run("build", "cmake", ["--build", build]);
  writeFileSync(stampFile, wholeStamp());
  log(`native engine: built in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return { built: true, file };
}

function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function configureArguments(root, build, libtorch, jpegTurbo) {
  const require = createRequire(join(root, "package.json"));
  return [
    ...["-S", join(root, "native"), "-B", build, "-G", "Ninja", "-Wno-dev"],
    "-DCMAKE_BUILD_TYPE=Release",
    `-DNODE_API_HEADERS=${headerFolder(require, "node-api-headers", "include_dir")}`,
    `-DNODE_ADDON_API=${headerFolder(require, "node-addon-api", "include_dir")}`,
    `-DTORCH_ROOT=${libtorch.root}`,
    `-DTORCH_LIBRARY_DIR=${libtorch.libraries}`,
    `-DTORCH_ABI=${libtorch.abi}`,
    `-DTORCH_CUDA=${libtorch.cuda ? "ON" : "OFF"}`,
    `-DCUDA_HEADERS=${libtorch.cudaHeaders.join(";")}`,
    `-DJPEG_TURBO=${jpegTurbo}`,
    `-DCMAKE_CXX_STANDARD=${libtorch.standard}`,
  ];
}

/** Both packages name their header folder, one of them relative to the working directory. */
function headerFolder(require, name, key) {
  try {
    const folder = dirname(require.resolve(`${name}/package.json`));
    return resolve(folder, name === "node-api-headers" ? require(name)[key] : ".");
  } catch (cause) {
    throw new Error(`native engine: the npm package ${name} is missing; run npm install`, { cause });
  }
}

/** What a build depends on: the sources, the ABI of Node, and which libtorch and libjpeg-turbo there are. */
function stampOf(root, libtorch, jpegTurbo) {
  const hash = createHash("sha256");
  const files = ["src", "jpeg"].flatMap((name) => {
    const folder = join(root, "native", name);
    return readdirSync(folder)
      .sort()
      .map((file) => join(folder, file));
  });
  for (const file of [...files, join(root, "native", "CMakeLists.txt")]) hash.update(file).update(readFileSync(file));
  hash.update(`${process.versions.modules} ${process.arch} ${libtorchStamp(libtorch)} jpeg ${jpegTurbo}`);
  return hash.digest("hex");
}

function requireProgram(program) {
  const found = spawnSync(program, ["--version"], { stdio: "ignore" });
  if (found.error) throw new Error(`native engine: ${program} is missing; as root run ${aptLine}`);
}

function run(step, program, programArguments) {
  try {
    execFileSync(program, programArguments, {
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
  } catch (cause) {
    const output = `${cause.stdout ?? ""}\n${cause.stderr ?? ""}`;
    const line = output.split("\n").find((text) => /error|not found|Could not find/i.test(text)) ?? cause.message;
    throw new Error(
      `native engine: ${step} failed: ${line.trim()}; to see all: ${[program, ...programArguments].join(" ")}`,
      {
        cause,
      },
    );
  }
}

function packageRoot() {
  return resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await buildNative();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
