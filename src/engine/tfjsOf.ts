import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { resolveFrom } from "./findPackage.js";
import { version_core } from "./tensor.js";

const core = "@tensorflow/tfjs-core/package.json";

/**
 * Requires that a package computes with our version of tfjs. Copies of tfjs share one registry of backends and kernels
 * in a process, so another copy works when it is of the same version.
 *
 * @param file main file of a package that has tfjs as a dependency or peer
 * @returns where the other copy is, as a detail of the report
 * @throws Error `it brings tfjs 4.10.0, and Kontrast needs 4.22.0`
 */
export function requireSameTfjs(file: string): { readonly tfjs?: string } {
  const theirs = coreOf(file);
  if (theirs === undefined || theirs === coreOf(import.meta.url)) return {};
  const { version } = JSON.parse(readFileSync(theirs, "utf8")) as { version: string };
  if (version !== version_core) throw new Error(`it brings tfjs ${version}, and Kontrast needs ${version_core}`);
  return { tfjs: `another copy than Kontrast's, in ${dirname(theirs)}` };
}

function coreOf(file: string): string | undefined {
  const whole = resolveFrom(file, "@tensorflow/tfjs");
  return (whole && resolveFrom(whole, core)) ?? resolveFrom(file, core);
}
