import type { About } from "./addon.js";

/**
 * The device that the native engine computes on: the one asked for, else the first GPU that answers, else the CPU.
 *
 * @param asked `cpu`, `cuda` or `cuda:<number>`
 * @returns the device's full name, such as `cuda:0`, or undefined where it does not answer
 */
export function chooseDevice({ cudaDevices }: About, asked?: string): string | undefined {
  const wanted = asked ?? (cudaDevices > 0 ? "cuda" : "cpu");
  if (wanted === "cpu") return "cpu";
  const index = Number(wanted.split(":")[1] ?? 0);
  return index < cudaDevices ? `cuda:${index}` : undefined;
}
