import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LaneCommand } from "./lane.js";

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

/**
 * The process of the peer: PyTorch in the interpreter that KONTRAST_PYTHON names (default: Debian's).
 *
 * @param device `cpu` or `cuda`
 * @throws Error `bench: PyTorch must be at hand in /usr/bin/python3, got "No module named 'torch'"; …` and the ways out
 */
export async function peerCommand(threads: number, device: "cpu" | "cuda"): Promise<LaneCommand> {
  const program = process.env["KONTRAST_PYTHON"] || "/usr/bin/python3";
  const wanted = device === "cpu" ? "" : "; assert torch.cuda.is_available(), 'torch.cuda is not available'";
  await promisify(execFile)(program, ["-c", `import torch${wanted}`]).catch((cause: Error & { stderr?: string }) => {
    const reason = (cause.stderr || cause.message).trim().split("\n").at(-1);
    throw new Error(
      `bench: PyTorch must be at hand in ${program}, got "${reason}"; apt-get install python3-torch, or name an ` +
        "interpreter that has it in KONTRAST_PYTHON, or measure without it: --no-peer",
      { cause },
    );
  });
  const script = fileURLToPath(new URL("../../bench/peers/worker.py", import.meta.url));
  const words = ["-B", script, "--threads", `${threads}`, "--device", device];
  return { title: "PyTorch", program, words, env: environment(threads) };
}

/** OpenMP and the BLAS libraries count cores for themselves unless they are told. */
function environment(threads: number): NodeJS.ProcessEnv {
  const names = ["KONTRAST_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];
  return { ...process.env, ...Object.fromEntries(names.map((name) => [name, `${threads}`])) };
}
