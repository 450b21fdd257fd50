import type { Group, Row, Side, Suite } from "../suite.js";

/** What a notebook waits for, each beside Python's kernel and the kernel that our language layer comes from. */
export const kernelSuite: Suite = () => [
  group("start", "start to kernel_info", { most: 600 }),
  group("firstCell", "start to the answer of the first typed cell", { most: 2500 }),
  group("cell", "a cell with types, a function and a value", { most: 30 }),
  group("again", "the same expression again", { most: 5 }),
  group("lines", "100,000 printed lines, all arrived, before idle", { most: 3000 }),
  group("complete", "completion of a member", { most: 50 }),
  group("interrupt", "interrupt of an endless loop", { most: 500 }),
  { ...group("idle", "memory of an idle kernel, all its processes", {}, "MB"), measures: "memory" },
];

function group(name: string, title: string, wanted: Pick<Row, "most">, unit: Row["unit"] = "ms"): Group {
  const side = (lane: Side["lane"]): Side => ({ lane, case: name, params: {} });
  const row = { unit, ours: "ours", ...wanted };
  return {
    sides: { ours: side("kernel"), ipykernel: side("ipykernel"), tslab: side("tslab") },
    rows: [
      { ...row, name: `${title}, beside ipykernel`, peer: "ipykernel" },
      { ...row, name: `${title}, beside tslab`, peer: "tslab" },
    ],
    measures: "time",
  };
}
