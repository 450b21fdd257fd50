/** What a label may be, for messages; −1 says that there is none. */
export const labelRange = "an integer from -1 to 2147483647";
/** Names are not made for more labels than this, or than there are items. */
const mostUnnamed = 1_000_000;

/** Whether a number is a label: one that an Int32Array would change is none. */
export function isLabel(value: number): boolean {
  return Number.isInteger(value) && value >= -1 && value < 2 ** 31;
}

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

/**
 * The names of some labels: those that are given, of which there must be enough, else the numbers as text.
 *
 * @throws Error `webDataset: the label of 0007 in /…/shards-0000.tar must be below 10, the number of class names, is 12; …`,
 *   `… must be below 1000000 where classNames are not given, is 1000000000; …`
 */
export function namesOfLabels(
  caller: string,
  labels: Int32Array,
  given: readonly string[] | undefined,
  nameOf: (position: number) => string,
): readonly string[] {
  const last = labels.reduce((highest, label) => Math.max(highest, label), -1);
  const bound = given ? given.length : Math.max(mostUnnamed, labels.length);
  if (last >= bound) {
    const what = given ? ", the number of class names" : " where classNames are not given";
    throw new Error(
      `${caller}: the label of ${nameOf(labels.indexOf(last))} must be below ${bound}${what}, is ${last}; number labels ` +
        "from 0, or name them all with classNames",
    );
  }
  return given ?? Array.from({ length: last + 1 }, (_, label) => String(label));
}
