import type { Command } from "./command.js";
import { describe } from "./doctor/describe.js";
import { examine } from "./doctor/findings.js";

/** `kontrast doctor`: what is here, what is missing and what installs it. */
export const doctor: Command = {
  summary: "Say which engines, kernels and data are here and what installs the rest",
  usage: `
Usage: kontrast doctor [--json]

Lists the engines with their device, versions and threads, the machine, whether Jupyter knows the kernel, and which
data sets are at hand; for what is missing, why and the command that installs it. Changes nothing. Exits with 0 when
at least one engine is available, else with 1.

  --json  print the same as JSON
`,
  options: { json: { type: "boolean" } },
  async run({ values }) {
    const findings = await examine();
    process.stdout.write(`${values["json"] ? JSON.stringify(findings, undefined, 2) : describe(findings)}\n`);
    return findings.engines.some(({ available }) => available) ? 0 : 1;
  },
};
