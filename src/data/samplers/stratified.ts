import { seededRandom } from "../../check/index.js";
import { membersOfLabels, shuffle } from "./members.js";
import type { Sampler } from "./sampler.js";

/**
 * Every batch has the classes in the proportions of the data, every item at most once per epoch. After each batch the
 * count of each class so far is its exact share rounded down or up, so a batch differs from its share by less than 2 items
 * of a class. What is left over after the last full batch is dropped; another epoch drops others.
 *
 * Which classes are rounded up is settled as in the chairman assignment problem, Tijdeman 1980 (Discrete Mathematics 32):
 * the item that has to come soonest comes first.
 *
 * @throws RangeError, when an epoch begins: `stratified: labels must be known, got -1 for item 12; leave such items out
 *   with subset(…)`
 */
export function stratified(): Sampler {
  return {
    name: "stratified",
    batchesPerEpoch(items, batchSize) {
      membersOfLabels("stratified", items);
      return Math.floor(items.size / batchSize);
    },
    *epoch(items, { batchSize, seed, epoch }) {
      const random = seededRandom(seed, epoch);
      const classes = membersOfLabels("stratified", items).map((members) => shuffle(random, members));
      const rank = random.permutation(classes.length); // settles ties, else the first classes were always rounded up
      const given = new Array<number>(classes.length).fill(0);
      for (let end = batchSize; end <= items.size; end += batchSize) {
        const due: { deadline: number; rank: number; position: number; class: number }[] = [];
        classes.forEach((members, index) => {
          const most = Math.ceil((members.length * end) / items.size);
          for (let next = given[index] as number; next < most; next++) {
            // From this many items on, the class has fallen behind by one if this item has not come.
            const deadline = ((next + 1) * items.size) / members.length;
            due.push({ deadline, rank: rank[index] as number, position: members[next] as number, class: index });
          }
        });
        due.sort((a, b) => a.deadline - b.deadline || a.rank - b.rank);
        const chosen = due.slice(0, batchSize);
        for (const { class: index } of chosen) given[index] = (given[index] as number) + 1;
        yield shuffle(
          random,
          Int32Array.from(chosen, ({ position }) => position),
        );
      }
    },
  };
}
