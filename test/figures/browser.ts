import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Debian's Chromium, the judge of what we draw without a browser. */
const executablePath = process.env["KONTRAST_CHROMIUM"] ?? "/usr/bin/chromium";

export async function openBrowser(): Promise<Browser> {
  if (!existsSync(executablePath))
    throw new Error(`tests: no Chromium at ${executablePath}; run: apt-get install chromium`);
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
