// A lock that processes share through a file, so that two of them don't write the same download. A lock whose owner
// died is taken over: on the same machine at once, else when it wasn't renewed for a while.
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two renewals, after which an unrenewed lock is dead, and between two looks at a held one. */
const RENEWED_EVERY = 5_000;
const DEAD_AFTER = 60_000;
const LOOK_EVERY = 100;

/** Whether the process still runs; one of another user counts as running. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isDead(file: string, content: string): Promise<boolean> {
  const [pid, host] = content.split(' ');
  if (host === os.hostname() && Number(pid) > 0) return !isAlive(Number(pid));
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs > DEAD_AFTER;
}

/** Puts a dead owner's lock out of the way; by renaming, so that of several processes one does. */
async function discard(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * Runs `work` while holding the lock `file`, whose folder must exist.
 *
 * @param waiting called once, with the owner's process number, where another process holds the lock
 */
export async function withFileLock<Result>(
  file: string,
  work: () => Promise<Result>,
  waiting: (owner: number) => void = () => undefined,
): Promise<Result> {
  let told = false;
  for (;;) {
    try {
      await writeFile(file, `${process.pid} ${os.hostname()} ${randomUUID()}`, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const content = await readFile(file, 'utf8').catch(() => '');
    if (content !== '' && (await isDead(file, content))) await discard(file);
    else {
      if (!told) waiting(Number(content.split(' ')[0]));
      told = true;
      await sleep(LOOK_EVERY);
    }
  }
  const renewal = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), RENEWED_EVERY);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await rm(file, { force: true });
  }
}
