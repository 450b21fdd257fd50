import { closeSync, fstatSync, openSync, statSync } from "node:fs";

/** Files that stay open from read to read. */
export interface OpenFiles {
  /** Descriptor of the file that the path names now, or named since `recheck` was last called. */
  descriptor(path: string): number;
  /** From here on a path may name another file than before: each is looked at once more. */
  recheck(): void;
}

/**
 * Keeps files open, so that each of the many images of a shard costs one read. A file that has been replaced is closed and
 * the new one opened. All are closed when none has been asked for in a while, so that deleted shards give their room back.
 *
 * @param options.most files; the one that was not asked for the longest is closed for a new one
 * @param options.idle after so many ms without `recheck` all are closed
 */
export function openFiles({ most, idle }: { most: number; idle: number }): OpenFiles {
  const open = new Map<string, number>();
  const checked = new Set<string>();

  function close(path: string): void {
    const file = open.get(path) as number;
    open.delete(path);
    checked.delete(path);
    closeSync(file);
  }

  const closing = setTimeout(() => [...open.keys()].forEach(close), idle).unref();

  return {
    descriptor(path) {
      const held = open.get(path);
      if (held !== undefined && !checked.has(path) && !isSameFile(held, path)) close(path);
      const file = open.get(path) ?? openSync(path, "r");
      open.delete(path); // the last of the map is the one asked for last
      open.set(path, file);
      checked.add(path);
      if (open.size > most) close(open.keys().next().value as string);
      return file;
    },
    recheck() {
      checked.clear();
      closing.refresh();
    },
  };
}

/** What is written into a file is read through an open descriptor too; only another file in its place is not. */
function isSameFile(file: number, path: string): boolean {
  const [own, there] = [fstatSync(file, { bigint: true }), statSync(path, { bigint: true })];
  return own.ino === there.ino && own.dev === there.dev;
}
