import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

// The setup scripts run before anything is compiled, so they are plain JavaScript.
const { findJpegTurbo }: { findJpegTurbo(options?: { env: NodeJS.ProcessEnv }): string } = await import(
  pathToFileURL("scripts/setup/jpegTurbo.mjs").href
);

const folder = mkdtempSync(join(tmpdir(), "kontrast-jpeg-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const isThere = findJpegTurbo() !== "";

describe.skipIf(!isThere)("with libjpeg-turbo", () => {
  /** What is found where `jpeglib.h` is the real one with some changes. */
  function foundWith(changes: string): string {
    writeFileSync(join(folder, "jpeglib.h"), `#include_next <jpeglib.h>\n${changes}\n`);
    return findJpegTurbo({ env: { ...process.env, CPATH: folder } });
  }

  test("its version is found", () => {
    expect(foundWith("")).toMatch(/^\d{7}\.\d\d$/);
  });

  test("another libjpeg is not taken, nor headers that are not the library's", () => {
    expect(foundWith("#undef LIBJPEG_TURBO_VERSION_NUMBER")).toBe("");
    expect(foundWith("#undef JPEG_LIB_VERSION\n#define JPEG_LIB_VERSION 61")).toBe("");
  });

  test("an addon that meets another library than its headers' says so, each time, and ends no process", () => {
    const require = createRequire(import.meta.url);
    const headers = dirname(require.resolve("node-api-headers/package.json"));
    const includes = [
      resolve(headers, require("node-api-headers").include_dir),
      dirname(require.resolve("node-addon-api/package.json")),
    ];
    const addon = join(folder, "jpeg.node");
    writeFileSync(
      join(folder, "older.h"),
      "#include <cstdio>\n#include <jpeglib.h>\n#undef JPEG_LIB_VERSION\n#define JPEG_LIB_VERSION 61\n",
    );
    execFileSync("c++", [
      ...["-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", "-DNODE_ADDON_API_CPP_EXCEPTIONS"],
      ...includes.flatMap((path) => ["-I", path]),
      ...["-include", join(folder, "older.h"), "native/jpeg/jpeg.cpp", "-ljpeg", "-o", addon],
    ]);
    const program = `const { decode } = require(${JSON.stringify(addon)});
for (let again = 0; again < 2; again++) {
  try { decode(new Uint8Array(9), new Uint8Array(9), new Int32Array(2)); } catch (error) { console.log(error.message); }
}`;
    const { status, stdout } = spawnSync(process.execPath, ["--eval", program], { encoding: "utf8" });
    const line =
      /^native\/build\/jpeg\.node does not fit the system's libjpeg \(Wrong JPEG library version: .+\); build it/;
    expect([status, stdout.trim().split("\n")]).toEqual([
      0,
      [expect.stringMatching(line), expect.stringMatching(line)],
    ]);
  }, 60_000);
});

test("without a compiler there is none", () => {
  expect(findJpegTurbo({ env: { PATH: folder } })).toBe("");
});
