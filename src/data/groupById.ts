import { requireThat } from "../check/index.js";
import type { Items } from "./dataset.js";

/** Group of an item by its id, which is not its position; items of one group are semantically alike. */
export type GroupOf = (id: number) => number;

/**
 * The groups of a data set by the ids of its items, as pair tables name them.
 *
 * @throws RangeError, when it is asked, `groupById: the data set "shapes" must have the item 7, has no such id`
 */
export function groupById(dataset: Pick<Items, "name" | "ids" | "groups">): GroupOf {
  const positions = new Map(Array.from(dataset.ids, (id, position) => [id, position]));
  return (id) => {
    const position = positions.get(id);
    requireThat(
      position !== undefined,
      "groupById",
      `the data set "${dataset.name}" must have the item ${id}, has no such id`,
    );
    return dataset.groups[position] as number;
  };
}

/**
 * Requires that every item that is asked for has a group: positions taken for ids would make all items of one.
 *
 * @throws RangeError, when it is asked, `falseNegatives: groupOf must give a number for item 120, got undefined; ids are
 *   not positions, groupById(dataset) knows them`
 */
export function requireGroups(caller: string, groupOf: GroupOf): GroupOf {
  return (id) => {
    const group = groupOf(id);
    const remedy = "ids are not positions, groupById(dataset) knows them";
    requireThat(Number.isFinite(group), caller, `groupOf must give a number for item ${id}, got ${group}; ${remedy}`);
    return group;
  };
}
