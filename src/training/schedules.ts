import { requireInteger, requirePositive, requireThat } from "../check/index.js";

/** Learning rate of each step, counted from 0. */
export type Schedule = (step: number) => number;

/**
 * Linear warm-up, then half a cosine down to 0 (Loshchilov & Hutter 2017, arXiv:1608.03983, without restarts). Step 0
 * already has 1/warmupSteps of the peak; the step after the last would have 0.
 *
 * @param options.warmupSteps steps until the peak is reached; 0 starts there
 * @throws RangeError `warmupCosine: warmupSteps must be <= steps (10), got 12`
 */
export function warmupCosine(options: { peak: number; steps: number; warmupSteps: number }): Schedule {
  const { peak, steps, warmupSteps } = options;
  requirePositive("warmupCosine", "peak", peak);
  requireInteger("warmupCosine", "steps", steps, 1);
  requireInteger("warmupCosine", "warmupSteps", warmupSteps);
  requireThat(warmupSteps <= steps, "warmupCosine", `warmupSteps must be <= steps (${steps}), got ${warmupSteps}`);
  return (step) =>
    step < warmupSteps
      ? (peak * (step + 1)) / warmupSteps
      : (peak * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (steps - warmupSteps)))) / 2;
}
