import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { absent } from "./verifyFile.js";

/** How often the holder says that it lives, and how long the others believe it, ms. A clock may be read late. */
const beat = 5_000;
const patience = 60_000;
/** How often a waiting process looks, ms. */
const look = 200;

/**
 * Does work that one process at a time may do, such as writing `path`: a second one waits until the first is done. The
 * lock is the file `path.lock`, which names its holder. One whose holder was killed is taken over: at once where its
 * process is gone from this machine, after a minute without a sign of life else.
 *
 * A takeover cannot be made atomic with files alone, so what the work makes has to be checked before it is used; the
 * lock saves the machine from doing it twice.
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${path}.lock`;
  const token = `${process.pid} ${hostname()} ${randomUUID()}`;
  while (!(await take(lock, token))) {
    if (await isAbandoned(lock)) await putAway(lock);
    else await setTimeout(look);
  }
  // a sign that fails to be given is made up for by the next
  const life = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => undefined), beat);
  life.unref();
  try {
    return await work();
  } finally {
    clearInterval(life);
    // after a pause longer than the others' patience it may be another's
    if ((await readFile(lock, "utf8").catch(absent)) === token) await rm(lock, { force: true });
  }
}

async function take(lock: string, token: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx");
    await file.writeFile(token).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    await rm(lock, { force: true }); // of ours, such as one that a full disk left empty
    throw error;
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  const [text, found] = await Promise.all([readFile(lock, "utf8").catch(absent), stat(lock).catch(absent)]);
  if (text === undefined || !found) return false;
  const [pid, host] = text.split(" ");
  if (Date.now() - found.mtimeMs > patience) return true;
  return host === hostname() && !isAlive(Number(pid));
}

/** Renaming is what one process alone can do to a file; that one removes it. */
async function putAway(lock: string): Promise<void> {
  const away = `${lock}.${randomUUID()}`;
  await rename(lock, away).catch(absent);
  await rm(away, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
