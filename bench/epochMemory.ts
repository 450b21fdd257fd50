import { parseArgs } from "node:util";
import { epochBatches, shapes } from "../src/data/index.js";

/**
 * `npm run bench:memory`: one epoch of shapes that are drawn when they are read, and what the process holds meanwhile. Flat
 * memory means that nothing of a batch outlives its step; the columns (ids, labels, factors) are there from the beginning.
 *
 * Options: `--items` (default 1,000,000), `--size` (px, default 32), `--batch` (default 256).
 */
const { values } = parseArgs({
  options: {
    items: { type: "string", default: "1000000" },
    size: { type: "string", default: "32" },
    batch: { type: "string", default: "256" },
  },
});
const [items, size, batchSize] = [Number(values.items), Number(values.size), Number(values.batch)];

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
function note(what: string): void {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  process.stdout.write(`| ${what} | ${[rss, heapUsed, arrayBuffers].map(megabytes).join(" | ")} |\n`);
}

process.stdout.write(`${items} shapes of ${size} px, ${megabytes(items * size * size * 3)} if they were kept\n\n`);
process.stdout.write("| items drawn | resident | heap | array buffers |\n| --- | --- | --- | --- |\n");
note("before the data set");
const dataset = shapes({ count: items, size, lazy: true });
note("0");
const start = performance.now();
let drawn = 0;
for await (const batch of epochBatches(dataset, { batchSize, seed: 0, epoch: 0 })) {
  const tenth = Math.floor((10 * drawn) / items);
  drawn += batch.images.length / (size * size * 3);
  if (Math.floor((10 * drawn) / items) > tenth || drawn + batchSize > items) note(String(drawn));
}
const seconds = (performance.now() - start) / 1000;
process.stdout.write(`\n${(drawn / seconds).toFixed(0)} items/s, ${seconds.toFixed(0)} s\n`);
