/** Groups that follow from labels: the label itself, and a group of its own for each item without one (label −1). */
export function groupsOf(labels: Int32Array): Int32Array {
  const classes = labels.reduce((last, label) => Math.max(last, label), -1) + 1;
  return labels.map((label, position) => (label < 0 ? classes + position : label));
}
