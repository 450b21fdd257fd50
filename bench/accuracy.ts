import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const seeds = [0, 1, 2];

/** Runs the quickstart with three seeds and prints its accuracies as mean ± standard deviation. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kontrast-accuracy-"));
  const scores = new Map<string, { linear: number[]; knn: number[] }>();
  try {
    for (const seed of seeds) {
      const output = join(folder, `seed-${seed}.ipynb`);
      const words = ["dist/cli/main.js", "run", "notebooks/quickstart.ipynb", "--output", output];
      await run(process.execPath, words, { cwd: root, env: { ...process.env, KONTRAST_SEED: `${seed}` } });
      for (const [name, linear, knn] of readScores(await readFile(output, "utf8"))) {
        const of = scores.get(name) ?? { linear: [], knn: [] };
        of.linear.push(linear);
        of.knn.push(knn);
        scores.set(name, of);
      }
      process.stderr.write(`seed ${seed} done\n`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  process.stdout.write(`| representation | linear probe | kNN |\n| --- | --- | --- |\n`);
  for (const [name, { linear, knn }] of scores) {
    process.stdout.write(`| ${name} | ${spread(linear)} | ${spread(knn)} |\n`);
  }
}

/** The rows of the notebook's table of accuracies: name, linear probe, kNN. */
function readScores(notebook: string): [string, number, number][] {
  const { cells } = JSON.parse(notebook) as { cells: { outputs?: { data?: Record<string, string | string[]> }[] }[] };
  const texts = cells.flatMap(({ outputs = [] }) =>
    outputs.map(({ data }) => [data?.["text/plain"] ?? ""].flat().join("")),
  );
  const table = texts.find((text) => text.includes("linear probe") && text.includes("kNN"));
  if (!table) throw new Error("accuracy: the quickstart must show a table with columns linear probe and kNN, got none");
  return table.split("\n").flatMap((line) => {
    const [, name, linear, knn] = /^(\S.*?) {2,}([\d.]+) {2,}([\d.]+)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, Number(linear), Number(knn)] as [string, number, number]];
  });
}

/** Such as `0.771 ± 0.012`: mean and sample standard deviation. */
function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(3)} ± ${Math.sqrt(variance).toFixed(3)}`;
}

await main();
