import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LaneCommand } from "./lane.js";

const require = createRequire(import.meta.url);

/** Threads for both sides: KONTRAST_THREADS, else one per core. */
export function threadCount(): number {
  const text = process.env["KONTRAST_THREADS"];
  const count = text ? Number(text) : availableParallelism();
  if (Number.isInteger(count) && count >= 1) return count;
  throw new RangeError(`bench: KONTRAST_THREADS must be an integer >= 1, got ${text}`);
}

/** Our process, on the engine that KONTRAST_ENGINE names, or on the given one. */
export function ourCommand(threads: number, engine?: "wasm"): LaneCommand {
  const env = { ...environment(threads), ...(engine && { KONTRAST_ENGINE: engine, KONTRAST_DEVICE: "" }) };
  const worker = fileURLToPath(new URL("./ours/worker.js", import.meta.url));
  return { title: engine ? `Kontrast on ${engine}` : "Kontrast", program: process.execPath, words: [worker], env };
}

/** Kernels that a stock Jupyter client can drive: how they are started and what they speak. */
const kernels = {
  kernel: {
    title: "Kontrast",
    words: ["--language", "typescript", "--interrupt", "message"],
    argv: [process.execPath, fileURLToPath(new URL("../cli/main.js", import.meta.url)), "kernel", "--connection-file"],
  },
  ipykernel: {
    title: "ipykernel",
    words: ["--language", "python", "--interrupt", "signal"],
    argv: [python(), "-m", "ipykernel_launcher", "-f"],
  },
  tslab: {
    title: "tslab",
    words: ["--language", "typescript", "--interrupt", "signal", "--version", require("tslab/package.json").version],
    argv: [process.execPath, require.resolve("tslab/bin/tslab"), "kernel", "--config-path"],
  },
};

/**
 * A process that drives one kernel with Jupyter's own client.
 *
 * @throws Error `bench: Jupyter's client and ipykernel must be at hand in /usr/bin/python3, got "…"; …`
 */
export async function kernelCommand(name: keyof typeof kernels): Promise<LaneCommand> {
  const remedy = "apt-get install python3-ipykernel";
  await requireModules(["jupyter_client", "ipykernel"], "Jupyter's client and ipykernel", remedy);
  const { title, words, argv } = kernels[name];
  const script = fileURLToPath(new URL("../../bench/peers/kernels.py", import.meta.url));
  const all = ["-B", "-W", "ignore", script, "--title", title, ...words, "--", ...argv, "{connection_file}"];
  return {
    title: `the kernel ${title}`,
    program: python(),
    words: all,
    env: { ...process.env, KONTRAST_HISTORY: "off" },
  };
}

/** The interpreter of the peers: KONTRAST_PYTHON, else Debian's. */
function python(): string {
  return process.env["KONTRAST_PYTHON"] || "/usr/bin/python3";
}

async function requireModules(names: readonly string[], what: string, remedy: string, wanted = ""): Promise<void> {
  await promisify(execFile)(python(), ["-c", `import ${names.join(", ")}${wanted}`]).catch(
    (cause: Error & { stderr?: string }) => {
      const reason = (cause.stderr || cause.message).trim().split("\n").at(-1);
      throw new Error(
        `bench: ${what} must be at hand in ${python()}, got "${reason}"; ${remedy}, or name an ` +
          "interpreter that has it in KONTRAST_PYTHON, or measure without it: --no-peer",
        { cause },
      );
    },
  );
}

/**
 * The process of the peer: PyTorch in the interpreter that KONTRAST_PYTHON names (default: Debian's).
 *
 * @param device `cpu` or `cuda`
 * @throws Error `bench: PyTorch must be at hand in /usr/bin/python3, got "No module named 'torch'"; …` and the ways out
 */
export async function peerCommand(threads: number, device: "cpu" | "cuda"): Promise<LaneCommand> {
  const wanted = device === "cpu" ? "" : "; assert torch.cuda.is_available(), 'torch.cuda is not available'";
  await requireModules(["torch"], "PyTorch", "apt-get install python3-torch", wanted);
  const script = fileURLToPath(new URL("../../bench/peers/worker.py", import.meta.url));
  const words = ["-B", script, "--threads", `${threads}`, "--device", device];
  return { title: "PyTorch", program: python(), words, env: environment(threads) };
}

/** OpenMP and the BLAS libraries count cores for themselves unless they are told. */
function environment(threads: number): NodeJS.ProcessEnv {
  const names = ["KONTRAST_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];
  return { ...process.env, ...Object.fromEntries(names.map((name) => [name, `${threads}`])) };
}
