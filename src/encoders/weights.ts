import { requireProbability, requireThat } from "../check/index.js";
import { moveVariables } from "../engine/fused/index.js";
import { tidy, type Variable } from "../engine/tensor.js";
import type { Encoder } from "./encoder.js";

/**
 * Copies all variables, moving statistics included, from one encoder into another of the same architecture.
 *
 * @throws RangeError `copyWeights: the encoders must have one architecture, got 29 and 35 variables or other shapes`
 */
export function copyWeights(from: Encoder, to: Encoder): void {
  const [sources, targets] = [from.variables(), to.variables()];
  requireAlike("copyWeights", sources, targets);
  for (const [index, source] of sources.entries()) tidy(() => targets[index]?.assign(source.clone()));
}

/**
 * Moves a teacher towards its student: θ_teacher ← momentum · θ_teacher + (1 − momentum) · θ_student, in place.
 * He et al. 2020, "Momentum Contrast" (arXiv:1911.05722), Eq. 2. As in MoCo's code, only what is trained is
 * averaged; the teacher's moving statistics follow its own forward passes in training mode, because averaged
 * statistics of the student would not fit the teacher's weights.
 *
 * @param momentum share of the teacher that stays, in [0, 1]
 * @throws RangeError `moveTowards: momentum must be in [0, 1], got 2`
 */
export function moveTowards(teacher: Encoder, student: Encoder, momentum: number): void {
  requireProbability("moveTowards", "momentum", momentum);
  const [sources, targets] = [student.trainableVariables(), teacher.trainableVariables()];
  requireAlike("moveTowards", sources, targets);
  moveVariables(targets, sources, momentum);
}

function requireAlike(caller: string, from: Variable[], to: Variable[]): void {
  const same = from.length === to.length && from.every(({ shape }, index) => `${shape}` === `${to[index]?.shape}`);
  const counts = `${from.length} and ${to.length} variables`;
  requireThat(same, caller, `the encoders must have one architecture, got ${counts} or other shapes`);
}
