import { appendFile, mkdir, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isInside, replaceFile } from "../../check/index.js";
import { type Magic, MagicError } from "./magic.js";

/** `%%writefile`: the rest of the cell as a file. */
export const writefile: Magic = {
  usage: "%%writefile [-a] [--anywhere] PATH",
  summary: "Writes the rest of the cell to a file in the notebook's folder; -a appends.",
  changesWhatFollows: true,
  async run({ argument, body }, { folder, print }) {
    const words = argument.split(/\s+/).filter((word) => word !== "");
    const options = words.filter((word) => word.startsWith("-"));
    const odd = options.find((word) => word !== "-a" && word !== "--anywhere");
    if (odd !== undefined)
      throw new MagicError(`%%writefile: knows -a and --anywhere, got ${odd}; usage: ${writefile.usage}`);
    const given = argument
      .replace(/(^|\s)(-a|--anywhere)(?=\s|$)/g, " ")
      .trim()
      .replace(/^(["'])(.*)\1$/, "$2");
    if (given === "") throw new MagicError("%%writefile: name a file, such as: %%writefile helper.ts");
    const path = await placeOf(folder, given, options.includes("--anywhere"));
    const text = body === "" || body.endsWith("\n") ? body : `${body}\n`;
    const appends = options.includes("-a");
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    await mkdir(dirname(path), { recursive: true });
    if (appends) await appendFile(path, text);
    else await replaceFile(path, text);
    await print(`${appends && isThere ? "Appended to" : isThere ? "Overwrote" : "Wrote"} ${given}\n`);
    return undefined;
  },
};

/** The file that is meant; outside the folder only on request, also by way of a link. */
async function placeOf(folder: string, given: string, anywhere: boolean): Promise<string> {
  const path = resolve(folder, given);
  const [root, real] = await Promise.all([realpath(folder), realPlace(path)]);
  if (!anywhere && !isInside(root, real)) {
    throw new MagicError(`%%writefile: ${given} leads out of the notebook's folder; allow it with --anywhere`);
  }
  return real;
}

/** Links in a path beyond these are a circle. */
const mostLinks = 40;

/** Where a path leads, with links followed, also those to what is not there yet. */
async function realPlace(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const target = links < mostLinks ? await targetOf(path) : undefined;
  if (target !== undefined) return realPlace(resolve(dirname(path), target), links + 1);
  return join(await realPlace(dirname(path), links), basename(path));
}

/** What a link says; `undefined` for what is no link. */
async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EINVAL") return undefined;
    throw error;
  }
}
