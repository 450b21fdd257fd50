import { findExecutable } from "./executable.js";

/** Chromium judges figures in the tests; nothing else needs it. */
export interface ChromiumFinding {
  readonly path: string | null;
  readonly remedy?: string;
}

export async function findChromium(): Promise<ChromiumFinding> {
  const path = await findExecutable("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  return path ? { path } : { path: null, remedy: "apt-get install chromium" };
}
