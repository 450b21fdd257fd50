import { readdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { openFiles } from "../../src/data/images/openFiles.js";
import { useTemporaryFolders } from "./temporary.js";

const newFolder = useTemporaryFolders();

/** Files of a folder that this process has open. */
function openIn(folder: string): string[] {
  const links = readdirSync("/proc/self/fd").map((name) => {
    try {
      return readlinkSync(join("/proc/self/fd", name));
    } catch {
      return ""; // the one that lists them
    }
  });
  return links.filter((link) => link.startsWith(folder)).map((link) => link.slice(folder.length + 1));
}

async function three() {
  const folder = await newFolder();
  const paths = ["a", "b", "c"].map((name) => join(folder, name));
  for (const path of paths) writeFileSync(path, path);
  return { folder, paths: paths as [string, string, string] };
}

test.skipIf(process.platform !== "linux")("at most so many stay open, and none that nobody asks for", async () => {
  const { folder, paths } = await three();
  const files = openFiles({ most: 2, idle: 100 });
  for (const path of paths) files.descriptor(path);
  expect(openIn(folder).sort()).toEqual(["b", "c"]);
  files.descriptor(paths[1]);
  files.descriptor(paths[0]);
  expect(openIn(folder).sort()).toEqual(["a", "b"]);
  await setTimeout(300);
  expect(openIn(folder)).toEqual([]);
  files.recheck();
  expect(readFileSync(files.descriptor(paths[2]), "utf8")).toBe(paths[2]);
  await setTimeout(300);
  expect(openIn(folder)).toEqual([]);
});

test("the same file stays open, another one in its place is opened", async () => {
  const { paths } = await three();
  const files = openFiles({ most: 2, idle: 10_000 });
  const first = files.descriptor(paths[0]);
  files.recheck();
  expect(files.descriptor(paths[0])).toBe(first);
  renameSync(paths[1], paths[0]);
  files.recheck();
  expect(readFileSync(files.descriptor(paths[0]), "utf8")).toBe(paths[1]);
  renameSync(paths[2], join(paths[0], "..", "d"));
  files.recheck();
  expect(() => files.descriptor(paths[2])).toThrow("ENOENT");
});
