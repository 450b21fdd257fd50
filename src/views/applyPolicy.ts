import { requireThat } from "../check/index.js";
import { type Tensor4D, tidy } from "../engine/tensor.js";
import type { Parameters, ViewRef } from "./augmentation.js";
import type { Policy } from "./policy.js";

/**
 * Applies recorded parameters to the images they were drawn for.
 *
 * @param images [batch, height, width, channels], one per ref; not disposed of
 * @throws RangeError `applyPolicy: policy "moco" must be the one the view was drawn by: it has no "colorJitter" parameters`
 * @throws RangeError `applyPolicy: mine.apply must give [8, 32, 32, 3], as its sizeOf says, got [8, 16, 16, 3]`
 */
export function applyPolicy(images: Tensor4D, policy: Policy, refs: readonly ViewRef[]): Tensor4D {
  return tidy(() => {
    let views = images.clone();
    requireItsParameters(policy, refs);
    for (const { name, apply, sizeOf } of policy.augmentations) {
      const parameters = refs.map((ref) => ref.parameters[name] as Parameters);
      const [count, height, width, channels] = views.shape;
      const [rows, columns] = sizeOf?.([height, width, channels]) ?? [height, width];
      views = apply(views, parameters);
      requireSize(name, sizeOf !== undefined, [count, rows, columns, channels], views);
    }
    return views;
  });
}

function requireItsParameters({ name, augmentations }: Policy, refs: readonly ViewRef[]): void {
  const names = augmentations.map((augmentation) => augmentation.name);
  const what = `policy "${name}" must be the one the view was drawn by`;
  for (const { parameters } of refs) {
    const missing = names.find((one) => parameters[one] === undefined);
    requireThat(missing === undefined, "applyPolicy", `${what}: it has no "${missing}" parameters`);
    const other = Object.keys(parameters).find((one) => !names.includes(one));
    requireThat(other === undefined, "applyPolicy", `${what}: that has "${other}" parameters, too`);
  }
}

/** What an augmentation of the user's makes may be of any size, and what follows relies on what it says. */
function requireSize(name: string, says: boolean, expected: readonly number[], { shape }: Tensor4D): void {
  const reason = says ? ", as its sizeOf says," : ", the size of its images (another needs sizeOf),";
  requireThat(
    Array.isArray(shape) && shape.join() === expected.join(),
    "applyPolicy",
    `${name}.apply must give [${expected.join(", ")}]${reason} got ${Array.isArray(shape) ? `[${shape.join(", ")}]` : "no tensor"}`,
  );
}
