import { basename, isAbsolute } from "node:path";

/**
 * Local files outside the notebook's folder, such as `../src/model.ts`. tslab takes only what is below its folder: it gets
 * such a file under a name that says where it belongs.
 */
const mark = "__outside__";

/** The path that tslab gets for an output; TypeScript leaves the paths of files outside absolute. */
export function pathForTslab(path: string, outDir: string): string {
  return isAbsolute(path) ? `${outDir}/${mark}${encodeURIComponent(path)}` : path;
}

/** The path that an output of tslab's belongs to. */
export function pathFromTslab(path: string): string {
  const name = basename(path);
  return name.startsWith(mark) ? decodeURIComponent(name.slice(mark.length)) : path;
}
