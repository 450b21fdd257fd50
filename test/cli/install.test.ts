import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kontrast-install-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function kontrast(words: string[], env: NodeJS.ProcessEnv = {}) {
  return run(process.execPath, [main, ...words], { env: { ...process.env, ...env } });
}

async function failure(words: string[]): Promise<{ code: number; stderr: string }> {
  return kontrast(words).then(
    () => expect.unreachable(),
    (error) => error,
  );
}

test("writes a kernelspec that starts this very package, and says where", async () => {
  const prefix = join(folder, "prefix");
  const target = join(prefix, "share", "jupyter", "kernels", "kontrast");
  const { stdout } = await kontrast(["install", "--prefix", prefix]);
  expect(stdout).toBe(`The kernel "kontrast" is now in ${target}\n`);
  const spec = JSON.parse(await readFile(join(target, "kernel.json"), "utf8"));
  expect(spec).toMatchObject({
    argv: [process.execPath, main, "kernel", "--connection-file", "{connection_file}"],
    display_name: "TypeScript (Kontrast)",
    language: "typescript",
    interrupt_mode: "message",
  });
  expect(spec.argv.slice(0, 2).every(isAbsolute)).toBe(true);
  const files = ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];
  expect((await readdir(target)).sort()).toEqual(files);
});

test("a second install replaces the first and leaves nothing beside it", async () => {
  const prefix = join(folder, "twice");
  const kernels = join(prefix, "share", "jupyter", "kernels");
  await kontrast(["install", "--prefix", prefix]);
  await writeFile(join(kernels, "kontrast", "stale.txt"), "of an older version");
  await kontrast(["install", "--prefix", prefix]);
  expect(await readdir(kernels)).toEqual(["kontrast"]);
  expect(await readdir(join(kernels, "kontrast"))).not.toContain("stale.txt");
});

test("--user honours JUPYTER_DATA_DIR, --name names it", async () => {
  const data = join(folder, "data");
  await kontrast(["install", "--user", "--name", "kontrast-dev"], { JUPYTER_DATA_DIR: data });
  expect(await readdir(join(data, "kernels"))).toEqual(["kontrast-dev"]);
});

test("uninstall takes back what install has written, and nothing else", async () => {
  const prefix = join(folder, "removed");
  const jupyter = join(prefix, "share", "jupyter");
  const words = ["--prefix", prefix];
  await kontrast(["install", ...words]);
  await kontrast(["install", ...words, "--name", "another"]);
  await mkdir(join(jupyter, "kernels", "python3"));
  await writeFile(join(jupyter, "kernels", "python3", "kernel.json"), '{ "argv": ["python3", "-m", "ipykernel"] }');
  const { stdout } = await kontrast(["uninstall", ...words]);
  expect(stdout).toBe(`The kernel "kontrast" is no longer in ${join(jupyter, "kernels", "kontrast")}\n`);
  expect((await readdir(join(jupyter, "kernels"))).sort()).toEqual(["another", "python3"]);
  expect(await readdir(join(jupyter, "labextensions"))).toEqual(["kontrast"]);
  await kontrast(["uninstall", ...words, "--name", "another"]);
  expect(await readdir(join(jupyter, "labextensions"))).toEqual([]);
  for (const name of ["another", "python3"]) {
    const { code, stderr } = await failure(["uninstall", ...words, "--name", name]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kontrast: uninstall: must be a kernel of Kontrast, got .*; say where it is with --prefix/);
  }
  expect((await failure(["uninstall", "--name", ".."])).stderr).toContain("uninstall: --name must consist of");
});

test("--sys-prefix asks python3", async () => {
  const bin = join(folder, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "python3"), `#!/bin/sh\necho ${join(folder, "venv")}\n`);
  await chmod(join(bin, "python3"), 0o755);
  await kontrast(["install", "--sys-prefix"], { PATH: `${bin}:${process.env["PATH"]}` });
  expect(await readdir(join(folder, "venv", "share", "jupyter", "kernels"))).toEqual(["kontrast"]);
});

test("a folder that cannot be written is named in one line", async () => {
  const file = join(folder, "a-file");
  await writeFile(file, "");
  const { code, stderr } = await failure(["install", "--prefix", file]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^kontrast: install: cannot write .*a-file.*\(ENOTDIR\); choose another folder.*\n$/);
});

test("contradictory and odd options are usage errors", async () => {
  expect(await failure(["install", "--user", "--prefix", "x"])).toMatchObject({ code: 2 });
  expect((await failure(["install", "--name", "../up"])).stderr).toContain("--name must consist of");
});

test("kernel without and with a missing connection file", async () => {
  expect(await failure(["kernel"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--connection-file") });
  const { code, stderr } = await failure(["kernel", "--connection-file", join(folder, "none.json")]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^kontrast: readConnectionFile: cannot read .*none\.json \(ENOENT\)\n$/);
});
