/**
 * Requires labels for all items or for none: a data set in which some are missing was most likely written wrong.
 *
 * @throws Error `webDataset: 3 of 100 samples have no label, such as 0007 in /…/shards-0000.tar; give each one, or pass
 *   labels: false to take all as unlabeled`
 */
export function requireAllOrNone(caller: string, labels: Int32Array, nameOf: (position: number) => string): void {
  const missing = labels.reduce((count, label) => count + (label < 0 ? 1 : 0), 0);
  if (missing === 0 || missing === labels.length) return;
  throw new Error(
    `${caller}: ${missing} of ${labels.length} samples have no label, such as ${nameOf(labels.indexOf(-1))}; give each ` +
      "one, or pass labels: false to take all as unlabeled",
  );
}

/** Names for labels that have none: the numbers as text. */
export function labelNames(labels: Int32Array): string[] {
  const last = labels.reduce((highest, label) => Math.max(highest, label), -1);
  return Array.from({ length: last + 1 }, (_, label) => String(label));
}
