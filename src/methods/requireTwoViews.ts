import { requireSameShape, requireThat } from "../check/index.js";
import type { Tensor4D } from "../engine/tensor.js";
import type { ViewRefs, Views } from "./method.js";

/** Requires two views of the same items with a reference for each row. */
export function requireTwoViews(
  caller: string,
  views: Views,
  refs: ViewRefs,
): asserts views is readonly [Tensor4D, Tensor4D] {
  const [first, second] = views;
  const isTwo = views.length === 2 && first !== undefined && second !== undefined;
  requireThat(isTwo, caller, `views must be two, got ${views.length}`);
  requireSameShape(caller, "the two views", first.shape, second.shape);
  requireThat(
    refs.length === 2 && refs.every((ofView) => ofView.length === first.shape[0]),
    caller,
    `refs must have ${first.shape[0]} entries for each of the two views, got ${refs.map(({ length }) => length).join(" and ")}`,
  );
}
