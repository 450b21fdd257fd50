import { requireThat } from "../../check/index.js";
import type { PairTable } from "../../objectives/index.js";
import { short } from "../layout.js";
import type { Grid } from "./grid.js";
import { type ColourScale, forceScale, linearScale, probabilityScale } from "./scales.js";
import type { Roles } from "./selection.js";

/** One matrix as it is drawn. */
export interface Panel {
  readonly name: string;
  readonly unit: string;
  readonly hover: string;
  readonly scale: ColourScale;
  readonly z: (number | null)[][];
}

/**
 * Reads the matrices of a table that there are.
 *
 * @throws RangeError `pairMatrices: prediction must be finite, got NaN for anchor 3 and candidate 5`
 */
export async function readPanels(table: PairTable, roles: Roles, grid: Grid): Promise<Panel[]> {
  const [similarity, target, prediction, force] = await Promise.all(
    [table.similarity, table.target, table.prediction, table.force].map((matrix) => matrix?.data<"float32">()),
  );
  const { positive, negative } = roles;
  const takesPart = (at: number) => at >= 0 && Boolean(positive[at] || negative[at]);
  const cells = Array.from({ length: grid.rows * grid.columns }, (_, cell) =>
    grid.at(Math.floor(cell / grid.columns), cell % grid.columns),
  ).filter(takesPart);
  const panel = (
    name: string,
    unit: string,
    hover: string,
    values: Float32Array,
    scaleOf: () => ColourScale,
  ): Panel => {
    for (const at of cells) {
      const [anchor, candidate] = [Math.floor(at / table.candidates.length), at % table.candidates.length];
      const place = `for anchor ${anchor} and candidate ${candidate}`;
      requireThat(Number.isFinite(values[at]), "pairMatrices", `${name} must be finite, got ${values[at]} ${place}`);
    }
    const scale = scaleOf();
    const z = Array.from({ length: grid.rows }, (_, row) =>
      Array.from({ length: grid.columns }, (_, column) => {
        const at = grid.at(row, column);
        return takesPart(at) ? short(scale.map(values[at] as number)) : null;
      }),
    );
    return { name, unit, hover, scale, z };
  };
  const drawn = (values: Float32Array) => cells.map((at) => values[at] as number);
  const candidates = table.candidates.length;
  const logarithm = "10<sup>%{z:.2f}</sup>";
  const panels = [
    similarity && panel("similarity", "cosine", "%{z}", similarity, () => linearScale(drawn(similarity))),
    target && panel("target", "probability", logarithm, target, () => probabilityScale(candidates)),
    prediction && panel("prediction", "probability", logarithm, prediction, () => probabilityScale(candidates)),
    force &&
      panel("force", "nats per unit of similarity", "%{z}", force, () =>
        forceScale(
          cells.filter((at) => negative[at]).map((at) => force[at] as number),
          drawn(force),
        ),
      ),
  ];
  return panels.filter((found): found is Panel => found !== undefined);
}
