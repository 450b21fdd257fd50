import type { Result, Spread } from "./result.js";
import type { Report } from "./run.js";

/** A report as a Markdown table for a terminal, with the targets that were missed, and what was not measured. */
export function table({ machine, versions, quick, results, skipped, failed }: Report): string {
  const { cpu, cores, threads, memoryGiB, os, node } = machine;
  const head = ["work", "unit", "ours", "peer", "ratio", "target", "the peer"];
  const lines = [
    `${cpu}, ${cores} cores (${threads} used), ${memoryGiB} GiB; ${os}; Node.js ${node}`,
    ...Object.entries(versions).map(([name, version]) => `${name}: ${version}`),
    "",
    ...aligned([head, ...results.map(cells)]),
    "",
    ...(quick ? ["Small sizes (--quick): these numbers say nothing about speed."] : []),
    ...skipped.map(({ name, reason }) => `Not measured: ${name}: ${reason}`),
    ...failed.map(({ name, error }) => `Failed: ${name}: ${error}`),
    ...results.filter(({ met }) => met === false).map((result) => `Missed: ${result.name}: ${missed(result)}`),
  ];
  return lines.join("\n").trimEnd();
}

function cells(result: Result): string[] {
  const { name, unit, ours, peer, peerName, ratio, spread } = result;
  const withSpread = (value: number, range: Spread) => `${digits(value)} (${range.map(digits).join("–")})`;
  const other = peer === null || spread.peer === null ? "not measured" : withSpread(peer, spread.peer);
  return [
    name,
    unit,
    withSpread(ours, spread.ours),
    other,
    ratio === null ? "" : `${ratio.toFixed(2)} ×`,
    wanted(result),
    peerName ?? "",
  ];
}

function wanted({ unit, target, most, met }: Result): string {
  const limits = [
    ...(target === undefined ? [] : [`≥ ${target.toFixed(2)} ×`]),
    ...(most === undefined ? [] : [`≤ ${most} ${unit}`]),
  ];
  return [...limits, ...(met === undefined ? [] : [met ? "✓" : "✗"])].join(" ");
}

function missed({ ours, unit, ratio, target, most }: Result): string {
  const parts = [
    ...(target === undefined || ratio === null || ratio >= target ? [] : [`${ratio.toFixed(2)} × of ≥ ${target} ×`]),
    ...(most === undefined || ours <= most ? [] : [`${digits(ours)} of ≤ ${most} ${unit}`]),
  ];
  return parts.join(", ");
}

/** Four significant digits, with no exponent. */
function digits(value: number): string {
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(Math.max(value, 1e-6))));
  return value.toFixed(Math.min(6, decimals));
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] as readonly string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  );
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] as number)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const [head, ...body] = rows as [readonly string[], ...(readonly string[])[]];
  return [line(head), rule, ...body.map(line)];
}
