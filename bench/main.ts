import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { requireOneOf } from "../src/check/index.js";
import { machine, type Result, type Suite } from "./suite.js";
import { train } from "./train.js";

const suites: Record<string, Suite> = { train };

const { values, positionals } = parseArgs({
  options: { json: { type: "string" }, rounds: { type: "string", default: "5" } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(suites);
for (const name of names) requireOneOf("bench", "suite", name, Object.keys(suites));

const results: Result[] = [];
let versions = {};
for (const name of names) {
  const suite = suites[name] as Suite;
  const measured = await suite({ rounds: Number(values.rounds) });
  results.push(...measured.results);
  versions = { ...versions, ...measured.versions };
}
const { cpu, cores, memoryGiB } = machine();
process.stdout.write(`\n${cpu}, ${cores} cores, ${memoryGiB} GiB; ${JSON.stringify(versions)}\n\n`);
process.stdout.write("| work | unit | ours | peer | ratio | target |\n|---|---|---|---|---|---|\n");
for (const { name, unit, ours, peer, peerName, ratio, target } of results) {
  const cells = [
    name,
    unit,
    ours.toFixed(0),
    `${peer.toFixed(0)} (${peerName})`,
    `${ratio.toFixed(2)} ×`,
    target ?? "",
  ];
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}
if (values.json) {
  await writeFile(values.json, `${JSON.stringify({ machine: machine(), versions, results }, null, 2)}\n`);
}
