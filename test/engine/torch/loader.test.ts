import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { report } from "../../../src/engine/torch/index.js";
import { loadAddonFrom } from "../../../src/engine/torch/loader.js";

const folder = mkdtempSync(join(tmpdir(), "kontrast-loader-"));
afterAll(() => rmSync(folder, { recursive: true }));
const built = fileURLToPath(new URL("../../../native/build/kontrast.node", import.meta.url));

/** Builds a shared library from one line of C. */
function library(name: string, source: string, ...flags: string[]): string {
  const file = join(folder, name);
  writeFileSync(join(folder, "source.c"), source);
  execFileSync("cc", ["-shared", "-fPIC", "-Wl,-z,now", "-o", file, join(folder, "source.c"), ...flags]);
  return file;
}

const load = (file: string) => report({}, () => loadAddonFrom(file));
const remedy = "npx kontrast setup";

test("an addon that calls what this libtorch lacks is answered with the rebuild command", async () => {
  const source = "void _ZN2at4_ops9from_20404callE(void); void f(void) { _ZN2at4_ops9from_20404callE(); }";
  const { available, reason, remedy: way } = await load(library("symbol.node", source));
  expect({ available, way }).toEqual({ available: false, way: remedy });
  expect(reason).toMatch(/^the native engine was built for another libtorch \(.*undefined symbol: _ZN2at4_ops/);
});

test("so is one that wants a libtorch of another name", async () => {
  library("libtorch_cpu.so.9.9", "int torch_nine;", "-Wl,-soname,libtorch_cpu.so.9.9");
  const addon = library(
    "soname.node",
    "extern int torch_nine; int *f(void) { return &torch_nine; }",
    "-L",
    folder,
    "-l:libtorch_cpu.so.9.9",
  );
  rmSync(join(folder, "libtorch_cpu.so.9.9"));
  const { reason, remedy: way } = await load(addon);
  expect(reason).toMatch(
    /^the native engine was built for another libtorch, or libtorch is gone \(libtorch_cpu.so.9.9: /,
  );
  expect(way).toBe(remedy);
});

test("so is one for another Node.js, and what is no addon", async () => {
  const future = library("node.node", "void napi_from_2040(void); void f(void) { napi_from_2040(); }");
  expect((await load(future)).reason).toMatch(/^the native engine was built for another Node.js \(.*napi_from_2040/);
  const none = library("none.node", "int nothing;");
  expect((await load(none)).reason).toMatch(/^the native engine was built for another Node.js \(Module did not self-/);
});

test.each([0.0001, 0.3, 0.6, 0.999])("a file of which only %d is there is damaged", async (share) => {
  const whole = readFileSync(built);
  const part = join(folder, `part${share}.node`);
  writeFileSync(part, whole.subarray(0, Math.ceil(whole.length * share)));
  const { reason, remedy: way } = await load(part);
  expect(reason).toMatch(/^the native engine is damaged \(/);
  expect(way).toBe(remedy);
});

/** Loads the built addon in a process of its own, where another libtorch seems to answer. */
function loadBeside(version: string): string {
  const source = `#include <string>
namespace at { std::string show_config() { return "Build settings: A=1, TORCH_VERSION=${version}, B=2, "; } }`;
  writeFileSync(join(folder, "other.cpp"), source);
  const other = join(folder, `other-${version}.so`);
  execFileSync("c++", ["-shared", "-fPIC", "-o", other, join(folder, "other.cpp")]);
  const script = `try { require(process.argv[1]).about(); console.log("loaded"); } catch (error) { console.log(error.message); }`;
  const env = { ...process.env, LD_PRELOAD: other };
  return execFileSync(process.execPath, ["-e", script, built], { env, encoding: "utf8" }).trim();
}

test("a libtorch of another release under the old name is found out when the engine is loaded", () => {
  const message = loadBeside("9.1.0");
  expect(message).toMatch(/^built against libtorch \d+\.\d+\.\d+\S*, but libtorch 9\.1\.0 was loaded$/);
  const [, own = ""] = /against libtorch (\d+\.\d+)/.exec(message) ?? [];
  expect(loadBeside(`${own}.77+cpu`)).toBe("loaded");
});
