import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Turns what a full or forbidden disk throws into a message that names the folder and the way out; other errors stay, such as
 * one about a file that was read.
 *
 * @param caller named in the message
 * @param path the file that was being written
 * @param kept what is left of it, for the next attempt
 */
export function explainDisk(
  caller: string,
  path: string,
  error: NodeJS.ErrnoException,
  kept = "nothing is kept",
): Error {
  const wayOut = "or set KONTRAST_DATA_DIR to a folder elsewhere";
  if (error.code === "ENOSPC" || error.code === "EDQUOT") {
    return new Error(`${caller}: the disk of ${dirname(path)} is full (${kept}); free some space, ${wayOut}`, {
      cause: error,
    });
  }
  // the file, its lock, its partial file, or a folder that it is in
  const isAboutIt = error.path === undefined || error.path.startsWith(path) || path.startsWith(error.path);
  if (!isAboutIt) return error;
  if (error.code === "ENOTDIR" || error.code === "EEXIST") {
    return new Error(`${caller}: ${error.path ?? dirname(path)} is no folder; move it away, ${wayOut}`, {
      cause: error,
    });
  }
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS") {
    return new Error(`${caller}: ${dirname(path)} cannot be written (${error.code}); change its rights, ${wayOut}`, {
      cause: error,
    });
  }
  return error;
}

/**
 * Requires room for a file before hours are spent on it.
 *
 * @throws Error `download: /… must have 2640.4 MB free for stl10_binary.tar.gz, has 12.0 MB; …`
 */
export async function requireRoom(caller: string, path: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (free >= bytes) return;
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  throw new Error(
    `${caller}: ${dirname(path)} must have ${megabytes(bytes)} free for ${what}, has ${megabytes(free)}; free some ` +
      "space, or set KONTRAST_DATA_DIR to a folder elsewhere",
  );
}
