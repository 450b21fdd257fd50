export { type Random, seededRandom } from "./random.js";
export * from "./require.js";
