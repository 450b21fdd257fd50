import type { EngineReport } from "../../engine/index.js";
import type { Findings } from "./findings.js";

type Row = readonly [label: string, text: string];

/** The findings as aligned sections for a terminal. */
export function describe(findings: Findings): string {
  const sections: [string, Row[]][] = [
    ["Machine", machine(findings)],
    ["Engines", [...findings.engines.flatMap(engineRows), choice(findings)]],
    ["Jupyter", jupyter(findings)],
    ["Chromium", [chromium(findings)]],
    ["Data", data(findings)],
    ["Packages", Object.entries(findings.packages).map(([name, version]) => [name, version ?? "missing; npm ci"])],
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([label]) => label.length)));
  const lines = sections.map(([title, rows]) => [title, ...rows.map((row) => line(row, width))].join("\n"));
  return lines.join("\n\n");
}

function line([label, text]: Row, width: number): string {
  return `  ${label.padEnd(width)}  ${text}`;
}

function machine({ kontrast, node, platform, cpu, memory }: Findings): Row[] {
  const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  return [
    ["kontrast", kontrast],
    ["node", node],
    ["platform", platform],
    ["cpu", `${cpu.model}, ${count(cpu.cores, "core")}`],
    ["memory", `${gigabytes(memory.availableBytes)} of ${gigabytes(memory.totalBytes)} GiB available`],
  ];
}

function engineRows(report: EngineReport): Row[] {
  const { name, available, device, version, threads, details = {}, passedOver, reason, remedy } = report;
  if (!available) return [[name, `missing: ${reason}`], ...remedyRow(remedy)];
  const facts = [version, device, threads === undefined ? undefined : count(threads, "thread")];
  const further = Object.entries(details).map(([key, value]) => `${key}: ${value}`);
  const rows: Row[] = [[name, [...facts, ...further].filter(Boolean).join(", ")]];
  return passedOver ? [...rows, ["", `auto passes it over: ${passedOver}`]] : rows;
}

function choice({ choice: { engine, why } }: Findings): Row {
  return ["engine.use()", engine ? `takes ${engine} (${why})` : `fails: ${why}`];
}

function jupyter({ jupyter: { command, kernelspec, reason, remedy } }: Findings): Row[] {
  const state = [kernelspec, reason].filter(Boolean).join(": ");
  return [["jupyter", command ?? "not on PATH"], ["kernelspec", state], ...remedyRow(remedy)];
}

function chromium({ chromium: { path, remedy } }: Findings): Row {
  return ["chromium", path ?? `not on PATH (only tests of figures want it); to get it run: ${remedy}`];
}

function data({ data: { directory, sets, jpeg } }: Findings): Row[] {
  const rows = sets.map(({ name, atHand, folder, remedy }): Row => {
    return [name, atHand ? `at hand in ${folder}` : `not at hand; to get it run: ${remedy}`];
  });
  const decoder =
    jpeg.remedy === undefined ? jpeg.decoder : `${jpeg.decoder}; for the faster native one: ${jpeg.remedy}`;
  return [["KONTRAST_DATA_DIR", directory ?? "not set"], ...rows, ["JPEG decoder", decoder]];
}

function remedyRow(remedy: string | undefined): Row[] {
  return remedy === undefined ? [] : [["", `to get it run: ${remedy}`]];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
