import { open } from "node:fs/promises";
import { imageExtensions } from "../images/imageNames.js";
import { isLabel, labelRange } from "../labelColumn.js";
import { cachedByFile } from "./cachedByFile.js";
import { type TarMember, tarMembers, windowReader } from "./tar.js";

/** The samples of one shard that have an image, one column each, in the order of the shard. */
export interface ShardSamples {
  /** What the files of a sample have in common: the path up to the first dot of the file's name. */
  readonly keys: readonly string[];
  /** Where the image's bytes begin in the shard. */
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  readonly extensions: readonly string[];
  /** −1 where the sample has none, or none that can be read. */
  readonly labels: readonly number[];
  /** The first label that cannot be read, a clause such as `must have an integer … in 0007.cls, has "cat"`. */
  readonly labelProblem?: string;
}

/**
 * Lists the samples of a WebDataset shard (files of one key that follow each other in a tar archive; hidden files are left
 * out, as WebDataset does). The label is what `.cls` holds, else the number `label` in the object of `.json`. The list is
 * made once, by reading the archive's headers and labels, and then kept until the shard has another size or time of change.
 *
 * @param image extension of the image; default: the one of jpg, jpeg, png, webp that there is
 * @throws Error that begins with the path: `… has two images for the key 0007, jpg and png; …`, `… has two files
 *   0007.jpg; …`, `… has 0007.cls apart from the image of its sample; …`, and those of {@link tarMembers}
 */
export function shardSamples(path: string, image: string | undefined): Promise<ShardSamples> {
  return cachedByFile(path, `samples ${image ?? imageExtensions.join(" ")}`, () => scan(path, image));
}

interface Sample {
  readonly key: string;
  readonly files: Map<string, TarMember>;
}

async function scan(path: string, image: string | undefined): Promise<ShardSamples> {
  const columns = {
    keys: [] as string[],
    offsets: [] as number[],
    lengths: [] as number[],
    extensions: [] as string[],
    labels: [] as number[],
  };
  let labelProblem: string | undefined;
  const samples = samplesOf(path, await tarMembers(path));
  const apart = new Map<string, string>();
  const file = await open(path);
  const read = windowReader(file); // labels lie beside the images they are of, so most come with one read of many
  try {
    for (const { key, files } of samples) {
      const extension = imageOf(path, key, [...files.keys()], image);
      if (extension === undefined) {
        const label = files.get("cls") ?? files.get("json");
        if (label) apart.set(key, label.name);
        continue;
      }
      const { offset, length } = files.get(extension) as TarMember;
      columns.keys.push(key);
      columns.offsets.push(offset);
      columns.lengths.push(length);
      columns.extensions.push(extension);
      const { label, problem } = await labelOf(read, files);
      columns.labels.push(label);
      labelProblem ??= problem;
    }
  } finally {
    await file.close();
  }
  const torn = columns.keys.find((key) => apart.has(key));
  if (torn !== undefined) {
    const name = apart.get(torn);
    throw new Error(
      `${path} has ${name} apart from the image of its sample; write the shard again with its files sorted by name`,
    );
  }
  return { ...columns, ...(labelProblem !== undefined && { labelProblem }) };
}

function samplesOf(path: string, members: readonly TarMember[]): Sample[] {
  const samples: Sample[] = [];
  for (const member of members) {
    const start = member.name.lastIndexOf("/") + 1;
    const dot = member.name.indexOf(".", start);
    if (dot <= start) continue; // no extension, or hidden, such as what macOS adds to archives
    const key = member.name.slice(0, dot);
    const last = samples.at(-1);
    const sample = last?.key === key ? last : { key, files: new Map<string, TarMember>() };
    if (sample !== last) samples.push(sample);
    const extension = member.name.slice(dot + 1).toLowerCase();
    const before = sample.files.get(extension);
    if (before) {
      const two = before.name === member.name ? `two files ${member.name}` : `both ${before.name} and ${member.name}`;
      throw new Error(`${path} has ${two}, of which a sample can have one; write the shard again`);
    }
    sample.files.set(extension, member);
  }
  return samples;
}

function imageOf(
  path: string,
  key: string,
  extensions: readonly string[],
  image: string | undefined,
): string | undefined {
  if (image !== undefined) return extensions.find((extension) => extension === image.toLowerCase());
  const found = extensions.filter((extension) => imageExtensions.includes(extension));
  if (found.length < 2) return found[0];
  throw new Error(
    `${path} has two images for the key ${key}, ${found[0]} and ${found[1]}; name one, such as image: "${found[0]}"`,
  );
}

/** The label of a sample, −1 if it has none; `problem` says why it cannot be read. */
async function labelOf(
  read: ReturnType<typeof windowReader>,
  files: ReadonlyMap<string, TarMember>,
): Promise<{ readonly label: number; readonly problem?: string }> {
  const number = files.get("cls");
  const source = number ?? files.get("json");
  if (!source) return { label: -1 };
  const text = (await read(source.offset, source.length)).toString("utf8").trim();
  const has = `in ${source.name}, has ${JSON.stringify(text.slice(0, 40))}`;
  const found = number ? Number(text || Number.NaN) : labelIn(text);
  if (found === undefined) return { label: -1, problem: `must have an object of JSON ${has}` };
  return isLabel(found) ? { label: found } : { label: -1, problem: `must have ${labelRange} ${has}` };
}

/** The number `label` of an object of JSON, −1 if it has none; `undefined` for other text. */
function labelIn(text: string): number | undefined {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof record !== "object" || record === null || Array.isArray(record)) return undefined;
  const { label = -1 } = record as { label?: unknown };
  return typeof label === "number" ? label : Number.NaN;
}
