import { beforeAll } from "vitest";
import { engine } from "../../src/engine/index.js";

/** Runs a test file on the engine named by KONTRAST_ENGINE, else on the best one there is. */
export function useTestEngine(): void {
  beforeAll(async () => {
    await engine.use();
  });
}
