import {
  type CardFile,
  cardNames,
  type DownloadOptions,
  dataFolder,
  download,
  isAtHand,
  readCard,
  verifyFiles,
} from "../data/index.js";
import { type Progress, progress } from "../display/index.js";
import { type Command, type CommandArguments, UsageError } from "./command.js";
import { untilSignal } from "./signals.js";

const actions: Record<string, (given: CommandArguments) => Promise<number>> = { list, get, path, verify: verifyAll };

/** `kontrast data`: the only command that downloads data. */
export const data: Command = {
  summary: "List, download and verify data sets",
  usage: `
Usage: kontrast data list [--json]
       kontrast data get NAME [--from ADDRESS]
       kontrast data path NAME
       kontrast data verify NAME

  list            the data sets there are, and which are at hand
  get NAME        download what is missing or damaged and verify it; goes on where an earlier attempt ended
  path NAME       print the folder of its files (it need not exist yet)
  verify NAME     compare each file with the sha256 of its card, and what is unpacked with what it was
  --from ADDRESS  download from a mirror: the files lie under this address
  --json          print the list as JSON

Files lie in $KONTRAST_DATA_DIR/NAME, or in kontrast/NAME of the user's cache folder. Files that you have already can be put
there; they are verified when they are used.`,
  options: { json: { type: "boolean" }, from: { type: "string" } },
  positionals: 2,
  async run(given) {
    const [action = "list"] = given.positionals;
    const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!found) throw new UsageError(`data: unknown action "${action}"; expected list, get, path or verify`);
    if (given.values["from"] !== undefined && action !== "get") throw new UsageError("data: --from goes with get");
    const mirror = given.values["from"];
    if (mirror !== undefined && !/^https?:\/\//.test(String(mirror))) {
      const byHand = "files that you have already can be put into the folder that `kontrast data path NAME` prints";
      throw new UsageError(
        `data: --from must be an address that begins with http:// or https://, got "${mirror}"; ${byHand}`,
      );
    }
    if (given.values["json"] && action !== "list") throw new UsageError("data: --json goes with list");
    return found(given);
  },
};

async function list({ values, positionals }: CommandArguments): Promise<number> {
  if (positionals.length > 1) throw new UsageError(`data: list takes no name, got "${positionals[1]}"`);
  const entries = await Promise.all((await cardNames()).map(listEntry));
  if (values["json"]) {
    print(JSON.stringify(entries, null, 2));
    return 0;
  }
  for (const { name, summary, megabytes, licence, atHand, folder } of entries) {
    print(`${name}  ${summary}; ${megabytes} MB; licence: ${licence}`);
    print(`  ${atHand ? `at hand in ${folder}` : `not at hand; npx kontrast data get ${name}`}`);
  }
  return 0;
}

async function listEntry(name: string) {
  const { title, summary, licence, homepage, splits, files } = await readCard(name);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    name,
    title,
    summary,
    licence,
    homepage,
    items: Object.fromEntries(Object.entries(splits).map(([split, { items }]) => [split, items])),
    megabytes: Math.round(bytes / 1e5) / 10,
    folder: dataFolder(name),
    atHand: await isAtHand(name),
  };
}

async function get(given: CommandArguments): Promise<number> {
  const name = await nameOf(given);
  const { files } = await readCard(name);
  const mirror = given.values["from"] as string | undefined;
  let shown: { file: string; bar: Progress } | undefined;
  const options: DownloadOptions = {
    onWait: (holder) => void process.stderr.write(`${name}: waits for ${holder}, which downloads it\n`),
    ...(mirror !== undefined && { addressOf: (file: CardFile) => `${mirror.replace(/\/$/, "")}/${file.name}` }),
    onProgress({ file, done, total }) {
      if (shown?.file !== file) {
        shown?.bar.finish();
        shown = { file, bar: progress({ total: Math.ceil(total / 1e3), label: file, unit: "kB" }) };
      }
      shown.bar.update(Math.ceil(done / 1e3));
    },
  };
  const ended = await untilSignal((signal) =>
    download(name, { ...options, signal }).finally(() => shown?.bar.finish()),
  );
  if ("status" in ended) {
    process.stderr.write("Interrupted; what has arrived is kept, and the same command goes on from there.\n");
    return ended.status;
  }
  const { folder, downloaded, removed } = ended.result;
  const kept = files.length - downloaded.length;
  for (const path of removed) print(`${path} was damaged and is removed; the next use unpacks it again`);
  print(
    `${name}: ${downloaded.length} ${downloaded.length === 1 ? "file" : "files"} downloaded, ${kept} already there; all verified, in ${folder}`,
  );
  return 0;
}

async function path(given: CommandArguments): Promise<number> {
  const name = await nameOf(given);
  print(dataFolder(name));
  return 0;
}

async function verifyAll(given: CommandArguments): Promise<number> {
  const name = await nameOf(given);
  const states = await verifyFiles(name);
  for (const { path, problem } of states) print(`${problem ? "✗" : "✓"} ${path}${problem ? ` ${problem}` : ""}`);
  if (states.every(({ problem }) => problem === undefined)) return 0;
  throw new Error(`data: ${name} is missing or damaged; npx kontrast data get ${name}`);
}

/** The second word, which must be the name of a card. */
async function nameOf({ positionals }: CommandArguments): Promise<string> {
  const [action, name] = positionals;
  if (name === undefined)
    throw new UsageError(`data: ${action} needs a name: one of ${(await cardNames()).join(", ")}`);
  return (await readCard(name)).name;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
