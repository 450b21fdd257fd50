import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { describeHolder, isGone, newHolder } from "./holder.js";
import { absent } from "./verifyFile.js";

/** How often the holder says that it lives, and how long the others believe it, ms. A clock may be read late. */
const beat = 5_000;
const patience = 60_000;
/** How often a waiting process looks, ms. */
const look = 200;

/** Called once for each holder that is waited for, such as `process 4711`. */
export type OnWait = (holder: string) => void;

/**
 * Does work that one process at a time may do, such as writing `path`: a second one waits until the first is done. The
 * lock is the file `path.lock`, which names its holder. One whose holder was killed is taken over: at once where its
 * process is gone from this machine (see {@link isGone}), after a minute without a sign of life else.
 *
 * A takeover cannot be made atomic with files alone, so two may work at once if the machine stops for long at the wrong
 * moment. What the work makes has to appear whole (see {@link makeFile}), and be looked for again before it is made; the
 * lock saves the machine from doing it twice.
 *
 * @param options.onWait told whom it waits for
 * @param options.signal ends the wait, not the work
 */
export async function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
  options: { onWait?: OnWait; signal?: AbortSignal } = {},
): Promise<Result> {
  const { onWait = () => {}, signal } = options;
  const lock = `${path}.lock`;
  const token = newHolder();
  let awaited = "";
  while (!(await take(lock, token))) {
    const { holder, isAbandoned } = await holderOf(lock);
    if (isAbandoned) await putAway(lock, holder);
    else {
      if (holder !== "" && holder !== awaited) onWait(describeHolder(holder));
      awaited = holder || awaited;
      await setTimeout(look, undefined, signal && { signal });
    }
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
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(lock, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error; // such as EMFILE; the lock that may be there is another's
  }
  try {
    await file.writeFile(token).finally(() => file.close());
    return true;
  } catch (error) {
    await rm(lock, { force: true }); // ours, which a full disk left empty
    throw error;
  }
}

/** Who holds a lock, if anybody does; one that is being written names nobody yet. */
async function holderOf(lock: string): Promise<{ holder: string; isAbandoned: boolean }> {
  const [holder, found] = await Promise.all([readFile(lock, "utf8").catch(absent), stat(lock).catch(absent)]);
  if (holder === undefined || !found) return { holder: "", isAbandoned: false };
  return { holder, isAbandoned: Date.now() - found.mtimeMs > patience || isGone(holder) };
}

/**
 * Renaming is what one process alone can do to a file; that one removes it. If another was quicker, and has taken the lock
 * meanwhile, it gets it back.
 */
async function putAway(lock: string, holder: string): Promise<void> {
  const away = `${lock}.${randomUUID()}`;
  await rename(lock, away).catch(absent);
  const found = await readFile(away, "utf8").catch(absent);
  // where that fails, since a third has the lock by now or the disk knows no links, two work at once, as said above
  if (found !== undefined && found !== holder) await link(away, lock).catch(() => undefined);
  await rm(away, { force: true });
}
