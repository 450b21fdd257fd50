import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** A cell that ran. */
export interface HistoryEntry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  output?: string;
}

/** How many sessions are kept; the oldest are deleted. */
const mostSessions = 1000;

/** A line of a session's file: a cell, or the output of one that came before. */
interface Record {
  readonly line: number;
  readonly input?: string;
  readonly output?: string;
}

/** Sessions of this and earlier kernels, numbered in the order in which they began. */
export interface HistoryStore {
  /** Begins a session and gives its number. */
  begin(): Promise<number>;
  /** The number that a session would get which begins now. */
  next(): Promise<number>;
  append(session: number, record: Record): Promise<void>;
  /** Numbers of the sessions there are, the newest first. */
  sessions(): Promise<number[]>;
  read(session: number): Promise<HistoryEntry[]>;
}

/**
 * Where the history is kept: KONTRAST_HISTORY_DIR, else `kontrast/history` in the XDG state folder; `undefined` if
 * KONTRAST_HISTORY is `off`.
 */
export function historyFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env["KONTRAST_HISTORY"] === "off") return undefined;
  const state = env["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  return env["KONTRAST_HISTORY_DIR"] || join(state, "kontrast", "history");
}

/**
 * Keeps each session in a file of its own, `12.jsonl`, readable for its owner alone. A number is taken by creating the
 * file, so that kernels which start at once get different ones. Whatever goes wrong is told once; the sessions of this
 * kernel are then only in its memory.
 *
 * @param onFailure told why nothing can be kept
 */
export function fileHistory(folder: string, onFailure: (reason: string) => void): HistoryStore {
  let failed = false;
  let queue: Promise<unknown> = Promise.resolve();
  const orTell = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    if (failed) return otherwise;
    try {
      return await work();
    } catch (error) {
      failed = true;
      onFailure(`the history cannot be kept in ${folder} (${(error as NodeJS.ErrnoException).code ?? error})`);
      return otherwise;
    }
  };
  const fileOf = (session: number) => join(folder, `${session}.jsonl`);
  const sessions = async () => {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    const numbers = names.map((name) => Number(/^(\d+)\.jsonl$/.exec(name)?.[1] ?? Number.NaN));
    return numbers.filter((number) => number > 0).sort((a, b) => b - a);
  };
  const begin = async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const known = await sessions();
    for (const old of known.slice(mostSessions - 1)) await rm(fileOf(old), { force: true });
    for (let session = (known[0] ?? 0) + 1; ; session++) {
      const taken = await writeFile(fileOf(session), "", { flag: "wx", mode: 0o600 }).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") return false;
          throw error;
        },
      );
      if (taken) return session;
    }
  };
  return {
    begin: () => orTell(begin, 1),
    next: () => orTell(async () => ((await sessions())[0] ?? 0) + 1, 1),
    append: (session, record) => {
      // One after the other: a cell comes before its output.
      const appended = queue.then(() =>
        orTell(() => appendFile(fileOf(session), `${JSON.stringify(record)}\n`, { mode: 0o600 }), undefined),
      );
      queue = appended;
      return appended;
    },
    sessions: () => orTell(sessions, []),
    read: (session) => orTell(() => readSession(fileOf(session), session), []),
  };
}

/** Keeps nothing beyond the kernel's life. */
export function memoryHistory(): HistoryStore {
  return {
    begin: async () => 1,
    next: async () => 1,
    append: async () => undefined,
    sessions: async () => [],
    read: async () => [],
  };
}

async function readSession(path: string, session: number): Promise<HistoryEntry[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const entries = new Map<number, HistoryEntry>();
  for (const record of text.split("\n").flatMap(parsedLine)) {
    const { line, input, output } = record;
    const known = entries.get(line);
    if (input !== undefined) entries.set(line, { session, line, input });
    else if (known && output !== undefined) known.output = output;
  }
  return [...entries.values()];
}

/** Another kernel may be writing the last line just now; such a line is left out. */
function parsedLine(line: string): Record[] {
  try {
    const record = JSON.parse(line) as Record | null;
    return typeof record?.line === "number" ? [record] : [];
  } catch {
    return [];
  }
}
